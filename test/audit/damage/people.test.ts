import { describe, expect, it } from 'vitest';
import { dilate } from '../../../audit/imaging/morphology.ts';
import { area, dice } from '../../../audit/imaging/measure.ts';
import type { Mask } from '../../../audit/imaging/types.ts';
import { leaked } from '../../../audit/damage/leak.ts';
import { GENEROUS_RADIUS, PEOPLE_KINDS } from '../../../audit/damage/people.ts';
import { PeopleEntry, applyPeople, planPeople } from '../../../audit/damage/people.ts';
import type { PeopleKind } from '../../../audit/damage/people.ts';
import { PHANTOM_STRUCTURES, makePhantom, phantomMasks } from '../../../audit/phantoms/phantom.ts';
import type { PhantomStructure } from '../../../audit/phantoms/phantom.ts';
import { Random } from '../../../models/random.ts';
import { ellipse } from '../imaging/masks.ts';

const ids = Array.from({ length: 100 }, (_, i) => `case ${String(i).padStart(3, '0')}`);
const structures = [...PHANTOM_STRUCTURES];
const casesOf = (plan: readonly PeopleEntry[]): Set<string> => new Set(plan.map((e) => e.case));

describe('planPeople', () => {
  const people = { kind: 'people', share: 0.3, seed: 0 } as const;

  it('plans the kinds in turn for an exact share of the cases, in one or more structures', () => {
    const plan = planPeople(ids, structures, people);
    expect(casesOf(plan).size).toBe(30);
    const kinds = [...casesOf(plan)].map((id) => plan.find((entry) => entry.case === id)?.kind);
    for (const kind of PEOPLE_KINDS) {
      expect([3, 4]).toContain(kinds.filter((one) => one === kind).length);
    }
    const sizes = [...casesOf(plan)].map((id) => plan.filter((one) => one.case === id).length);
    expect(new Set(sizes)).toEqual(new Set([1, 2, 3]));
    expect(PeopleEntry.array().parse(plan)).toEqual(plan);
  });

  it('depends on the seed, not on the order of the ids, and chooses the same cases for every kind', () => {
    const plan = planPeople(ids, structures, people);
    expect(planPeople([...ids].reverse(), structures, people)).toEqual(plan);
    expect(planPeople(ids, structures, { ...people, seed: 1 })).not.toEqual(plan);
    const shifted = planPeople(ids, structures, { ...people, kind: 'shifted' });
    expect(casesOf(shifted)).toEqual(casesOf(plan));
    expect(shifted).toHaveLength(90);
  });

  it('exchanges two structures, or rotates all of them', () => {
    const swapped = { ...people, kind: 'swapped', share: 0.01 } as const;
    const pair = planPeople(ids, structures, { ...swapped, structures: 'one' });
    expect(pair.map((entry) => [entry.structure, entry.other])).toEqual([
      [pair[0].structure, pair[1].structure],
      [pair[1].structure, pair[0].structure],
    ]);
    const all = planPeople(ids, structures, swapped);
    expect(new Set(all.map((entry) => entry.other))).toEqual(new Set(structures));
    expect(all.every((entry) => entry.other !== entry.structure)).toBe(true);
  });

  it('refuses a kind for which the data has too few cases or structures', () => {
    const plan = (kind: PeopleKind): unknown => planPeople(['a'], ['lung'], { ...people, kind });
    expect(() => plan('swapped')).toThrow(/needs two structures/);
    expect(() => plan('other-patient')).toThrow(/needs two cases/);
    expect(planPeople(['a'], ['lung'], { ...people, share: 1 })).toHaveLength(1);
  });
});

describe('applyPeople', () => {
  const phantom = makePhantom({ seed: 0, index: 3, size: 128 });
  const other = phantomMasks({ seed: 0, index: 5, size: 128 });
  const spoil = (kind: PeopleKind, structure: PhantomStructure, severity = 0.5): Promise<Mask> =>
    applyPeople(
      { case: 'a', structure, kind, severity, other: kind === 'swapped' ? 'heart' : 'b', seed: 1 },
      {
        image: phantom.image,
        structure: (name) => phantom.masks[name as PhantomStructure],
        patient: () => Promise.resolve(other[structure]),
      },
    );

  it.each([...PEOPLE_KINDS])(
    '%s: changes the mask, and the same way if it is repeated',
    async (kind) => {
      for (const structure of ['lung', 'clavicle'] as const) {
        const mask = await spoil(kind, structure);
        expect(dice(mask, phantom.masks[structure])).toBeLessThan(0.97);
        expect(mask.data.every((value) => value === 0 || value === 1)).toBe(true);
        expect(await spoil(kind, structure)).toEqual(mask);
      }
    },
  );

  it.each(['shifted', 'missing', 'ragged', 'leak'] as const)(
    '%s: changes more with a higher severity',
    async (kind) => {
      const [mild, gross] = await Promise.all([spoil(kind, 'lung', 0), spoil(kind, 'lung', 1)]);
      expect(dice(gross, phantom.masks.lung)).toBeLessThan(dice(mild, phantom.masks.lung) - 0.03);
    },
  );

  it('takes the mask of another structure or patient without changes', async () => {
    expect(await spoil('swapped', 'lung')).toEqual(phantom.masks.heart);
    expect(await spoil('other-patient', 'lung')).toEqual(other.lung);
  });

  it('dilates by a fixed radius for the kind generous', async () => {
    const radius = (GENEROUS_RADIUS * 128) / 256;
    expect(await spoil('generous', 'heart')).toEqual(dilate(phantom.masks.heart, radius));
  });
});

describe('a leaked fill', () => {
  const size = { width: 64, height: 64 };
  const disc = ellipse(size, [20, 32, 10, 10]);
  // A black image with a bright horizontal band; the disc lies on the band.
  const data = new Uint8Array(64 * 64);
  for (let i = 0; i < data.length; i += 1) {
    if (Math.abs(Math.floor(i / 64) - 32) < 13) data[i] = 200;
  }
  const image = { ...size, bits: 8, data };

  it('adds only bright pixels, and at most as many as the label has', () => {
    const mask = leaked(disc, image, 1, new Random('leak', 0));
    const joined = mask.data.map((v, i) => (v === 1 && disc.data[i] === 0 ? 1 : 0));
    expect(joined.reduce((sum, v) => sum + v, 0)).toBe(area(disc));
    expect(joined.every((v, i) => v === 0 || data[i] === 200)).toBe(true);
    expect(mask.data.every((v, i) => v === 1 || disc.data[i] === 0)).toBe(true);
  });

  it('leaves an empty mask empty', () => {
    const empty = { ...size, data: new Uint8Array(64 * 64) };
    expect(leaked(empty, image, 1, new Random('leak', 0))).toEqual(empty);
  });
});
