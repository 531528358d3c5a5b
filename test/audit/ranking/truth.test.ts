import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encode } from 'fast-png';
import { loadTruth } from '../../../audit/ranking/truth.ts';
import { makePlace, rectangle, truth } from '../scoring/fixture.ts';
import type { Place } from '../scoring/fixture.ts';

let place: Place;
beforeEach(async () => {
  place = await makePlace(3, (i) => (i === 1 ? { lung: rectangle(6, 8, 16, 52) } : {}));
});
afterEach(() => place.remove());

describe('a truth file', () => {
  it('gives its errors as wrong, other labels of its cases as right, and null for other cases', async () => {
    const file = path.join(place.folder, 'truth.json');
    const errors = [
      { case: 'c0001', structure: 'lung', kind: 'eroded', severity: 0.5, dice: 0.67 },
    ];
    const text = JSON.stringify({ version: 1, seed: 0, errors, cases: ['c0000', 'c0001'] });
    writeFileSync(file, text);
    const { truth: known } = await loadTruth(place.project, file);
    expect(known('c0001', 'lung')).toEqual({ error: true, dice: 0.67 });
    expect(known('c0001', 'heart')).toEqual({ error: false, dice: 1 });
    expect(known('c0002', 'lung')).toBeNull();
    const inside = await loadTruth(place.project, place.folder);
    expect(inside.truth('c0001', 'lung')?.dice).toBe(0.67);
    expect(inside.errorBelow).toBeNull();
    const strict = await loadTruth(place.project, file, { errorBelow: { lung: 0.6 } });
    expect(strict.truth('c0001', 'lung')).toEqual({ error: false, dice: 0.67 });
    expect(strict.errorBelow).toEqual({ lung: 0.6, heart: 0.9 });
    await expect(loadTruth(place.project, `${file}x`)).rejects.toThrow(/is not there/);
  });

  it('may name only the case and the structure of each wrong label', async () => {
    const file = path.join(place.folder, 'found.json');
    const errors = [{ case: 'c0001', structure: 'lung' }];
    writeFileSync(file, JSON.stringify({ version: 1, errors, cases: ['c0001'] }));
    const { truth: known } = await loadTruth(place.project, file);
    expect(known('c0001', 'lung')).toEqual({ error: true, dice: null });
    expect(known('c0001', 'heart')).toEqual({ error: false, dice: 1 });
  });
});

describe('a folder of true masks', () => {
  const folder = () => path.join(place.folder, 'true');

  it('is compared with the labels at the resolution of the true masks', async () => {
    mkdirSync(path.join(folder(), 'Lung'), { recursive: true });
    for (const i of [0, 1]) {
      const { data } = truth(i).lung;
      // The true mask has twice the label's width and height in pixels, and the values 0 and 255.
      const large = new Uint8Array(128 * 128);
      for (let p = 0; p < large.length; p += 1) {
        large[p] = 255 * data[Math.floor(p / 256) * 64 + ((p % 128) >> 1)];
      }
      const png = encode({ width: 128, height: 128, data: large, channels: 1, depth: 8 });
      writeFileSync(path.join(folder(), 'Lung', `c000${i}.png`), png);
    }
    const { truth: known } = await loadTruth(place.project, folder());
    expect(known('c0000', 'lung')).toEqual({ error: false, dice: 1 });
    // The labelled lung is half as wide as the true one (10 and 20 px): the dice is 2·10 / (10 + 20).
    expect(known('c0001', 'lung')).toEqual({ error: true, dice: 2 / 3 });
    expect(known('c0001', 'heart')).toBeNull();
    const lenient = await loadTruth(place.project, folder(), { errorBelow: { lung: 0.6 } });
    expect(lenient.truth('c0001', 'lung')?.error).toBe(false);
    const all = await loadTruth(place.project, folder(), { errorBelow: 0.7 });
    expect(all.truth('c0001', 'lung')?.error).toBe(true);
    expect(all.errorBelow).toEqual({ lung: 0.7, heart: 0.7 });
    const stray = loadTruth(place.project, folder(), { errorBelow: { liver: 0.9 } });
    await expect(stray).rejects.toThrow(/no structure "liver": give thresholds of lung, heart/);
  });

  it('is refused if nothing in it belongs to the project', async () => {
    mkdirSync(path.join(folder(), 'liver'), { recursive: true });
    await expect(loadTruth(place.project, folder())).rejects.toThrow(/named after a structure/);
    mkdirSync(path.join(folder(), 'lung'));
    await expect(loadTruth(place.project, folder())).rejects.toThrow(/named like a case/);
  });
});
