/** What the server tells of trainings: scores over the epochs, changed ranks, and the next training. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../../audit/contract/client.ts';
import type { Client } from '../../../audit/contract/client.ts';
import { liveOf, updateTraining } from '../../../audit/server/tasks/live.ts';
import type { LiveTraining } from '../../../audit/server/tasks/live.ts';
import { agreement, diceChange } from '../../../audit/server/project/rank-changes.ts';
import { changesSince } from '../../../audit/server/project/training-preview.ts';
import { ScoreHistory } from '../../../audit/server/project/series.ts';
import { projectManifest } from '../../../audit/samples/build.ts';
import { writeSampleSet } from '../../../models/sampleset.ts';
import type { SampleSetManifest } from '../../../models/sampleset.ts';
import type { TrainerMessage } from '../../../trainer/messages.ts';
import { openFixture } from './project.ts';
import type { Fixture } from './project.ts';

let server: Fixture;
let client: Client;
let first: string;
let second: string;

/** A line of a run's `scores.jsonl`. */
const line = (epoch: number, scores: readonly (number | null)[] | null, averaged = false): string =>
  JSON.stringify({
    epoch,
    averaged,
    scores,
    losses: (scores ?? []).map(() => 0.5),
    weights: (scores ?? [1, 1, 1, 1, 1]).map((score) => (score === null ? null : 1)),
  });

async function* blank(manifest: SampleSetManifest) {
  const pixels = manifest.width * manifest.height;
  for (let i = 0; i < manifest.cases.length; i += 1) {
    yield {
      image: new Uint16Array(pixels),
      labels: new Uint8Array(pixels * manifest.structures.length),
      truth: null,
    };
  }
}

beforeAll(async () => {
  server = await openFixture(5);
  client = createClient(
    async (address, init) => server.app.fetch(new Request(address, init)),
    'http://overread.test',
  );
  const opened = server.context.workspace.require();
  const writer = await opened.writer();
  first = writer.lastRun()?.id ?? '';
  // A second run, in which the first case is worst instead of the last, and the dice is higher.
  const run = writer.startRun({ epochs: 2 });
  second = run.id;
  writer.saveScores(
    second,
    writer.scores(first).map((score) => ({
      ...score,
      caseScore: -4 - score.caseScore,
      learned: -4 - score.learned,
      disagreement: 1 - (score.disagreement ?? 0),
      softmin: 1 - (score.softmin ?? 0),
      dice: Math.min(1, (score.dice ?? 0) + 0.1),
    })),
  );
  const structures = writer.structures.map(({ name }) => name);
  const manifest = projectManifest(writer, { size: 4, structures });
  const folder = writer.runFolder(second);
  await mkdir(folder, { recursive: true });
  await writeSampleSet(join(folder, 'samples.ovrset'), manifest, blank(manifest));
  writer.endRun(second, {
    status: 'done',
    summary: { backend: 'wasm', device: 'CPU', epochs: 4, seconds: 20 },
  });
  opened.changed('runs', []);
});
afterAll(() => server.close());

describe('the scores of single cases over the epochs', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'];

  it('are those of the lowest and the highest cases by the averaged networks, and no case is in both', () => {
    const history = new ScoreHistory();
    history.add(line(1, null));
    history.add(line(2, [1, 2, 3, 4, null]));
    const before = history.series(ids, 2);
    expect(before.lowest.map(({ case: id }) => id)).toEqual(['a', 'b']);
    expect(before.highest.map(({ case: id }) => id)).toEqual(['d', 'c']);
    expect(before.lowest[0]).toMatchObject({ scores: [null, 1], weights: [1, 1] });
    history.add(line(2, [4, 3, 2, 1, 0], true));
    const after = history.series(ids, 5);
    expect(after.epochs).toEqual([1, 2]);
    expect(after.lowest.map(({ case: id }) => id)).toEqual(['e', 'd']);
    expect(after.highest.map(({ case: id }) => id)).toEqual(['a', 'b']);
  });

  it('use the last line of a repeated epoch, and skip an incomplete line', () => {
    const history = new ScoreHistory();
    history.add(line(1, [1, 2, 3, 4, 5]));
    history.add(line(1, [5, 4, 3, 2, 1]));
    history.add(line(2, [1, 1, 1, 1, 1]).slice(0, 20));
    expect(history.series(ids, 1)).toMatchObject({ epochs: [1], lowest: [{ case: 'e' }] });
  });

  it('are read again when the file has grown', async () => {
    const file = join(server.context.workspace.require().project.runFolder(second), 'scores.jsonl');
    expect(await client.series(second)).toEqual({ epochs: [], total: 0, lowest: [], highest: [] });
    await writeFile(file, `${line(1, [1, 2, 3, 4, 5])}\n${line(2, [1, 2, 3, 4, 5]).slice(0, 9)}`);
    expect((await client.series(second)).epochs).toEqual([1]);
    await writeFile(file, `${line(1, [1, 2, 3, 4, 5])}\n${line(2, [9, 2, 3, 4, 5])}\n`);
    const series = await client.series(second, { count: 1 });
    expect(series).toMatchObject({ epochs: [1, 2], total: 5 });
    expect(series.lowest[0]).toMatchObject({ case: 'case 2', scores: [2, 2] });
    expect(series.highest[0]).toMatchObject({ case: 'case 1', scores: [1, 9] });
    // The file is shorter, as when a resumed training has removed its last line.
    await writeFile(file, `${line(1, [1, 2, 3, 4, 5])}\n`);
    expect((await client.series(second)).epochs).toEqual([1]);
    await expect(client.series('nobody')).rejects.toMatchObject({ status: 404 });
  });
});

describe('the comparison of two runs', () => {
  it('lists the cases that entered and left the top, with their present verdicts', async () => {
    await client.judge([{ case: 'case 1', structure: null }], 'accepted');
    const moved = await client.moved(second, { top: 2, by: 'learned' });
    expect(moved).toMatchObject({ against: first, entered: 2, left: 2, agreement: -1 });
    expect(moved.cases.map(({ case: id, before, after }) => [id, before, after])).toEqual([
      ['case 1', 5, 1],
      ['case 2', 4, 2],
      ['case 4', 2, 4],
      ['case 5', 1, 5],
    ]);
    expect(moved.cases[0].verdict).toBe('accepted');
    const lung = moved.dice.find(({ structure }) => structure === 'lung');
    expect(lung?.labels).toBe(5);
    expect(lung?.after).toBeGreaterThan(lung?.before ?? 1);
  });

  it('is empty for the first run, and can be asked for any two runs', async () => {
    const moved = await client.moved(first);
    expect(moved).toMatchObject({ against: null, entered: 0, left: 0, agreement: null });
    expect(moved.dice.every(({ before }) => before === null)).toBe(true);
    expect((await client.moved(first, { against: second })).against).toBe(second);
    await expect(client.moved(first, { against: 'x' })).rejects.toMatchObject({ status: 404 });
  });

  it('needs three cases for the agreement, and labels that both runs scored for the dice', () => {
    const ranks = (...ids: string[]) => new Map(ids.map((id, index) => [id, index + 1]));
    expect(agreement(ranks('a', 'b'), ranks('a', 'b'))).toBe(null);
    expect(agreement(ranks('a', 'b', 'c', 'x'), ranks('a', 'b', 'c'))).toBeCloseTo(1);
    const score = { case: 'a', structure: 'lung', dice: 0.5 };
    const scores = [score] as unknown as Parameters<typeof diceChange>[1];
    expect(diceChange(['lung'], [], scores)).toEqual([
      { structure: 'lung', before: null, after: null, labels: 0 },
    ]);
  });
});

describe('the outlook on the next training', () => {
  it('counts the labels to learn from, and those redrawn or left out since the last run', async () => {
    const before = await client.outlook();
    expect(before).toMatchObject({
      cases: 5,
      labels: 9,
      excluded: 0,
      since: second,
      correctedSince: 0,
      excludedSince: 0,
      secondsPerEpoch: 5,
      backend: 'wasm',
    });
    const mask = new Uint8Array(48 * 40).fill(1, 0, 99);
    await client.addRevision('case 3', 'heart', mask);
    await client.judge([{ case: 'case 4', structure: 'lung' }], 'excluded');
    const after = await client.outlook();
    expect(after).toMatchObject({ labels: 8, excluded: 1, correctedSince: 1, excludedSince: 1 });
  });

  it('distinguishes a label that came back from one that was redrawn', () => {
    const manifest = (present: boolean[], masks: (string | null)[]): SampleSetManifest => ({
      version: 1,
      width: 1,
      height: 1,
      structures: ['x', 'y', 'z'],
      truth: false,
      cases: [{ id: 'a', split: 'train', present, masks }],
    });
    const was = manifest([false, true, false], ['1', '2', null]);
    const is = manifest([true, false, true], ['1', '2', '3']);
    expect(changesSince(was, is)).toEqual({
      correctedSince: 1,
      excludedSince: 1,
      returnedSince: 1,
    });
  });
});

describe('a running training', () => {
  it('keeps the newest messages for a window that opens later', () => {
    const training: LiveTraining = {
      task: 't',
      trainer: null,
      paused: false,
      fold: null,
      messages: [],
    };
    const tell = (message: TrainerMessage, fold: number | null = null): void =>
      updateTraining(training, message, fold);
    tell({ type: 'warmed-up', epoch: 3, because: 'x' });
    for (let i = 0; i < 12; i += 1) tell({ type: 'notice', message: `n${i}` });
    tell({ type: 'checkpoint', epoch: 1 });
    tell({ type: 'paused' }, 2);
    expect(liveOf(training)).toMatchObject({ paused: true, fold: 2, trains: false });
    expect(liveOf(training)?.messages).toHaveLength(11);
    tell({ type: 'resumed' }, 2);
    expect(liveOf(training)?.paused).toBe(false);
    // When the next fold starts, the message about the warm-up of the last fold must be gone.
    const started = { backend: 'wasm', device: 'CPU', segmenterParameters: 1, qamParameters: 1 };
    const counts = { cases: 2, validation: 0, stepsPerEpoch: 1, epoch: 0 };
    tell({ type: 'started', ...started, ...counts } as TrainerMessage, 3);
    expect(training.messages.map(({ type }) => type)).not.toContain('warmed-up');
    expect(liveOf(undefined)).toBe(null);
  });
});

describe('the histogram of scores', () => {
  it('divides its bins by present verdicts, and can count one structure', async () => {
    const all = await client.insights({ per: 'label' });
    const sums = all.histogram.counts.map((count, bin) => {
      const parts = Object.values(all.histogram.verdicts).map((counts) => counts[bin]);
      return parts.reduce((sum, part) => sum + part, 0) - count;
    });
    expect(sums.every((difference) => difference === 0)).toBe(true);
    const total = (counts: number[]): number => counts.reduce((sum, count) => sum + count, 0);
    expect(total(all.histogram.verdicts.excluded)).toBe(1);
    const heart = await client.insights({ per: 'label', structure: 'heart' });
    expect(total(heart.histogram.counts)).toBe(4);
    expect(heart.labels.total).toBe(all.labels.total);
  });
});
