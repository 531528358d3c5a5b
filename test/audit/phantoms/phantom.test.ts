import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { area, dice } from '../../../audit/imaging/measure.ts';
import { components } from '../../../audit/imaging/morphology.ts';
import { resampleImage, resampleMask } from '../../../audit/imaging/resample.ts';
import { PHANTOM_STRUCTURES, makePhantom, phantomMasks } from '../../../audit/phantoms/phantom.ts';
import type { Phantom } from '../../../audit/phantoms/phantom.ts';

function hashOf(phantom: Phantom): string {
  const hash = createHash('sha256').update(Buffer.from(phantom.image.data.buffer));
  for (const structure of PHANTOM_STRUCTURES) hash.update(phantom.masks[structure].data);
  return hash.digest('hex').slice(0, 16);
}

/** The mean of the image over the pixels inside the mask (`inside` is 1) or outside it (0). */
function meanWhere(image: ArrayLike<number>, mask: Uint8Array, inside: 0 | 1): number {
  let [sum, count] = [0, 0];
  mask.forEach((v, i) => {
    if (v !== inside) return;
    sum += image[i];
    count += 1;
  });
  return sum / count;
}

describe('makePhantom', () => {
  it('is the same for the same seed in every version', () => {
    const options = { seed: 0, index: 0, size: 128 };
    expect(hashOf(makePhantom(options))).toBe(hashOf(makePhantom(options)));
    // The hash changes if the generator makes other phantoms. Then raise GENERATOR in dataset.ts.
    expect(hashOf(makePhantom(options))).toMatchInlineSnapshot(`"5a96bd3d36558b9c"`);
    expect(hashOf(makePhantom({ ...options, index: 1 }))).not.toBe(hashOf(makePhantom(options)));
    expect(hashOf(makePhantom({ ...options, seed: 1 }))).not.toBe(hashOf(makePhantom(options)));
  });

  it('is the same patient at every size', () => {
    const [small, large] = [256, 512].map((size) => makePhantom({ seed: 0, index: 3, size }));
    for (const structure of PHANTOM_STRUCTURES) {
      const shrunk = resampleMask(large.masks[structure], 256, 256);
      expect(dice(shrunk, small.masks[structure])).toBeGreaterThan(0.98);
    }
    const shrunk = resampleImage(large.image, 256, 256);
    let off = 0;
    shrunk.forEach((v, i) => {
      off += Math.abs(v - small.image.data[i]);
    });
    expect(off / shrunk.length / 65535).toBeLessThan(0.012);
  });

  it('has the same masks as phantomMasks', () => {
    const options = { seed: 2, index: 5, size: 100 };
    expect(phantomMasks(options)).toEqual(makePhantom(options).masks);
  });

  it('has 12 significant bits of 16 and uses most of their range', () => {
    const { image } = makePhantom({ seed: 0, index: 0, size: 256 });
    expect(image.bits).toBe(16);
    expect(image.data.every((v) => v % 16 === 0)).toBe(true);
    const sorted = [...image.data].sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length * 0.01)]).toBeLessThan(0.1 * 65535);
    expect(sorted[Math.floor(sorted.length * 0.97)]).toBeGreaterThan(0.85 * 65535);
    expect(new Set(sorted).size).toBeGreaterThan(2000);
  });

  it('may have a lesion in a lung, which is brighter there and changes nothing elsewhere', () => {
    for (let index = 0; index < 6; index += 1) {
      const options = { seed: 0, index, size: 128 };
      const [without, ill] = [makePhantom(options), makePhantom({ ...options, lesion: true })];
      const { lesion, lung } = ill.masks;
      expect(area(without.masks.lesion)).toBe(0);
      expect(area(lesion)).toBeGreaterThan(20);
      expect(lesion.data.every((v, i) => v <= lung.data[i])).toBe(true);
      expect({ ...ill.masks, lesion: null }).toEqual({ ...without.masks, lesion: null });
      const change = ill.image.data.map((v, i) => Math.max(v - without.image.data[i], 0));
      expect(meanWhere(change, lesion.data, 1)).toBeGreaterThan(
        10 * meanWhere(change, lesion.data, 0),
      );
    }
  });

  it('refuses a size out of range', () => {
    expect(() => makePhantom({ seed: 0, index: 0, size: 8 })).toThrow(RangeError);
    expect(() => makePhantom({ seed: 0, index: 0, size: 99.5 })).toThrow(RangeError);
  });
});

describe('the phantoms of a hundred patients', () => {
  const patients = Array.from({ length: 100 }, (_, index) =>
    phantomMasks({ seed: 0, index, size: 128 }),
  );
  const shares = (structure: (typeof PHANTOM_STRUCTURES)[number]): number[] =>
    patients.map((masks) => area(masks[structure]) / 128 ** 2);

  it('have organs of realistic sizes', () => {
    for (const [structure, least, most] of [
      ['lung', 0.15, 0.4],
      ['heart', 0.05, 0.17],
      ['clavicle', 0.01, 0.035],
    ] as const) {
      for (const share of shares(structure)) {
        expect(share).toBeGreaterThan(least);
        expect(share).toBeLessThan(most);
      }
    }
  });

  it('vary in the sizes of their organs', () => {
    for (const structure of PHANTOM_STRUCTURES) {
      const all = shares(structure);
      const mean = all.reduce((sum, v) => sum + v, 0) / all.length;
      const deviation = Math.sqrt(all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / all.length);
      expect(deviation / mean).toBeGreaterThan(0.05);
    }
  });

  it('have two lungs without the heart, one heart, two clavicles', () => {
    for (const masks of patients) {
      expect(masks.lung.data.some((v, i) => v === 1 && masks.heart.data[i] === 1)).toBe(false);
      const large = (name: (typeof PHANTOM_STRUCTURES)[number]): number =>
        components(masks[name]).components.filter((one) => one.area > 30).length;
      expect(large('lung')).toBe(2);
      expect(large('heart')).toBe(1);
      expect(large('clavicle')).toBe(2);
    }
  });

  it('have dark lungs, bright hearts, and clavicles brighter than their surroundings', () => {
    for (const index of [0, 1, 2, 3, 4, 5]) {
      const { image, masks } = makePhantom({ seed: 0, index, size: 256 });
      const lung = meanWhere(image.data, masks.lung.data, 1);
      expect(meanWhere(image.data, masks.heart.data, 1)).toBeGreaterThan(1.6 * lung);
      const above = { ...masks.clavicle, data: masks.clavicle.data.slice(256 * 12) };
      const clavicle = meanWhere(image.data, masks.clavicle.data, 1);
      expect(clavicle).toBeGreaterThan(meanWhere(image.data, above.data, 1) * 1.02);
    }
  });
});
