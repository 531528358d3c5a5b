import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labelKey } from '../../../audit/contract/label-key.ts';
import { plantErrors } from '../../../audit/scoring/plant.ts';
import type { Networks } from '../../../audit/scoring/networks.ts';
import { PLANTED_KINDS } from '../../../audit/scoring/types.ts';
import type { PlantedScore } from '../../../audit/scoring/types.ts';
import { SampleSet } from '../../../models/sampleset.ts';
import { SIDE, discSampleSet } from '../../trainer/fixture.ts';

const COUNT = 12;
const STRUCTURES = ['large', 'small'];
/** Every third image shows the small disc. */
const shows = (index: number): boolean => index % 3 === 0;

let folder: string;
let set: SampleSet;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overread-plant-'));
  set = await SampleSet.open(await discSampleSet(folder, { count: COUNT, shows, test: 1 }));
});
afterEach(async () => {
  await set.close();
  await rm(folder, { recursive: true });
});

const size = { width: SIDE, height: SIDE, structures: STRUCTURES };
/** Networks that give every label the score 0, and every pixel the probability 0.1. */
const networks: Networks = {
  ...size,
  scores: 1,
  seesProposal: false,
  quality: (_, batch) => Promise.resolve(new Float32Array(batch)),
  segmenter: {
    ...size,
    segment: (_, batch) =>
      Promise.resolve(new Float32Array(batch * STRUCTURES.length * SIDE * SIDE).fill(0.1)),
    close: () => Promise.resolve(),
  },
  close: () => Promise.resolve(),
};

const everyLabel = (): Set<string> =>
  new Set(
    set.manifest.cases.flatMap(({ id }) => STRUCTURES.map((structure) => labelKey(id, structure))),
  );
const of = (planted: readonly PlantedScore[], id: string, structure: string): PlantedScore[] =>
  planted.filter(({ score }) => score.case === id && score.structure === structure);

describe('the errors that are planted', () => {
  it('are of every kind on a drawn label, and a mask out of nothing on an empty one', async () => {
    const planted = await plantErrors(networks, { set, trusted: everyLabel() });
    for (let index = 0; index < COUNT; index += 1) {
      const [large, small] = STRUCTURES.map((name) => of(planted, `case${index}`, name));
      const onDrawn = PLANTED_KINDS.filter((kind) => kind !== 'invented');
      expect(new Set(large.map(({ kind }) => kind))).toEqual(new Set(onDrawn));
      expect(new Set(small.map(({ kind }) => kind))).toEqual(
        new Set(shows(index) ? onDrawn : ['invented']),
      );
    }
    // No error is planted on the test case.
    expect(of(planted, `case${COUNT}`, 'large')).toEqual([]);
  });

  it('have a known dice: 0 where all was omitted or invented, milder and gross ones else', async () => {
    const planted = await plantErrors(networks, { set, trusted: everyLabel() });
    for (const { kind, dice, score } of planted) {
      expect(dice).toBeGreaterThanOrEqual(0);
      expect(dice).toBeLessThanOrEqual(1);
      if (kind === 'omitted') expect([dice, score.area]).toEqual([0, 0]);
      if (kind === 'invented') expect(dice).toBe(0);
      if (kind === 'invented') expect(score.area).toBeGreaterThan(0);
    }
    const large = planted.filter(({ score }) => score.structure === 'large');
    expect(large.some(({ dice }) => dice > 0.85 && dice < 1)).toBe(true);
    expect(large.some(({ dice }) => dice > 0 && dice < 0.6)).toBe(true);
  });

  it('stand on trusted labels alone, and are the same each time', async () => {
    const trusted = new Set(['case0', 'case3', 'case4'].map((id) => labelKey(id, 'small')));
    const planted = await plantErrors(networks, { set, trusted });
    expect(new Set(planted.map(({ score }) => labelKey(score.case, score.structure)))).toEqual(
      trusted,
    );
    expect(await plantErrors(networks, { set, trusted })).toEqual(planted);
  });

  it('are planted in cases beyond the first hundred that show a rare structure', async () => {
    const rare = join(folder, 'rare');
    await mkdir(rare);
    const many = await SampleSet.open(
      await discSampleSet(rare, { count: 260, shows: (index) => index % 20 === 0, test: 0 }),
    );
    try {
      const trusted = new Set(
        many.manifest.cases.flatMap(({ id }) => STRUCTURES.map((name) => labelKey(id, name))),
      );
      const planted = await plantErrors(networks, { set: many, trusted });
      const shown = planted.filter(
        ({ kind, score }) => kind === 'omitted' && score.structure === 'small',
      );
      expect(shown.map(({ score }) => score.case).sort()).toEqual(
        Array.from({ length: 13 }, (_, i) => `case${i * 20}`).sort(),
      );
      const cases = new Set(planted.map(({ score }) => score.case));
      expect(cases.size).toBeLessThanOrEqual(113);
    } finally {
      await many.close();
    }
  });
});
