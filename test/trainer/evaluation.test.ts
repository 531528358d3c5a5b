import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SampleSet } from '../../models/sampleset.ts';
import { mean } from '../../models/statistics.ts';
import { openBackend } from '../../trainer/backends/index.ts';
import type { Backend } from '../../trainer/backends/index.ts';
import { evaluateDice } from '../../trainer/evaluation.ts';
import { Learner } from '../../trainer/learner.ts';
import { labelAreas } from '../../trainer/split.ts';
import { viewCases } from '../../trainer/views.ts';
import { discSampleSet, smallConfig } from './fixture.ts';
import type { SampleSetOptions } from './fixture.ts';

let folder: string;
let backend: Backend;
let set: SampleSet;
const CASES = [0, 1, 2, 3, 4, 5];

beforeAll(async () => {
  backend = await openBackend('wasm', () => undefined);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overread-evaluation-'));
});
afterEach(async () => {
  await set.close();
  await rm(folder, { recursive: true });
});

async function open(options: SampleSetOptions): Promise<void> {
  set = await SampleSet.open(await discSampleSet(folder, { count: CASES.length, ...options }));
}

/** A segmenter that draws everything, or nothing, whatever it sees. */
async function drawing(everything: boolean): Promise<Learner> {
  const shares = set.manifest.structures.map(() => ({ all: 0.1, drawn: 0.1 }));
  const learner = new Learner(backend, smallConfig(), shares);
  const weights = await learner.segmenter.weights();
  weights.get('logits/filter')?.fill(0);
  weights.get('logits/bias')?.fill(everything ? 20 : -20);
  learner.segmenter.load(weights);
  return learner;
}

const dice = (learner: Learner, cases: readonly number[] = CASES) =>
  evaluateDice(backend.tf, learner, set, cases, 4);

describe('the dice of the segmenter', () => {
  it('is 0 for a segmenter that draws nothing, however many masks are empty', async () => {
    await open({ shows: (index) => index === 2 });
    expect(await dice(await drawing(false))).toEqual([0, 0]);
  });

  it('is the mean over the masks that are drawn', async () => {
    await open({ shows: (index) => index % 2 === 0 });
    const areas = await labelAreas(set);
    const found = await dice(await drawing(true));
    [0, 1].forEach((structure) => {
      const own = areas.map((of) => of[structure]).filter((area) => area > 0);
      const expected = mean(own.map((area) => (2 * area) / (1 + area)));
      expect(found?.[structure]).toBeCloseTo(expected, 5);
    });
  });

  it('is null for a structure that no case shows, and without cases', async () => {
    await open({ shows: (index) => index < 2 });
    const learner = await drawing(true);
    expect((await dice(learner, [2, 3]))?.[1]).toBeNull();
    expect((await dice(learner, [2, 3]))?.[0]).toBeGreaterThan(0);
    expect(await dice(learner, [])).toBeNull();
  });

  it('is that with the given labels that count where the truth is not known', async () => {
    await open({ wrong: [0], absent: [1, 2, 3, 4, 5], truth: false });
    const areas = await labelAreas(set);
    const [large, small] = (await dice(await drawing(true), [0])) ?? [];
    expect(large).toBeCloseTo((2 * areas[0][0]) / (1 + areas[0][0]), 5);
    expect(small).toBeGreaterThan(0);
    expect((await dice(await drawing(true), [1, 2]))?.[1]).toBeNull();
  });
});

describe('the view of a case', () => {
  it('has the areas and the dice of its labels that count, empty ones too', async () => {
    await open({ shows: (index) => index !== 1, absent: [2] });
    const areas = await labelAreas(set);
    const [nothing, empty, absent] = await viewCases(
      backend.tf,
      await drawing(false),
      set,
      [0, 1, 2],
      2,
    );
    expect(nothing.labels).toMatchObject([
      { structure: 0, dice: 0, proposalArea: 0 },
      { structure: 1, dice: 0, proposalArea: 0 },
    ]);
    expect(nothing.labels[0].area).toBeCloseTo(areas[0][0], 6);
    expect(empty.labels[1]).toEqual({ structure: 1, dice: 1, area: 0, proposalArea: 0 });
    expect(absent.index).toBe(2);
    expect(absent.labels.map(({ structure }) => structure)).toEqual([0]);
  });
});
