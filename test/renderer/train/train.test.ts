import { describe, expect, it } from 'vitest';
import { TrainRequest } from '../../../audit/contract/api.ts';
import type { EpochMetrics, RunInfo } from '../../../audit/contract/api.ts';
import {
  diceCurves,
  lossCurves,
  phaseMarks,
  trustCurves,
  weightBands,
  withEpoch,
} from '../../../renderer/train/curves.ts';
import { TrainForm } from '../../../renderer/train/form.svelte.ts';
import { collapseOf, deviceOf, secondsOf } from '../../../renderer/train/words.ts';

const epoch = (number: number, change: Partial<EpochMetrics> = {}): EpochMetrics => ({
  epoch: number,
  phase: 'joint',
  loss: 0.5,
  weightedLoss: 0.4,
  trainDice: [0.8, null],
  validationDice: null,
  testDice: null,
  weights: [0.1, 0.5, 1, 1.5, 3],
  seconds: 1,
  ...change,
});
const structures = [
  { name: 'lung', colour: '#111111' },
  { name: 'heart', colour: '#222222' },
];

describe('curves of a training', () => {
  const epochs = [epoch(1, { phase: 'warm-up' }), epoch(2), epoch(3)];

  it('show the weighted loss from the epoch in which the QAM joins, and mark that epoch', () => {
    const [plain, weighted] = lossCurves(epochs, { plain: 'a', weighted: 'b' });
    expect(plain.values).toEqual([0.5, 0.5, 0.5]);
    expect(weighted.values).toEqual([null, 0.4, 0.4]);
    expect(phaseMarks(epochs).map(({ at }) => at)).toEqual([2]);
    expect(phaseMarks([epoch(1)])).toEqual([]);
    expect(phaseMarks(epochs.slice(0, 1))).toEqual([]);
  });

  it('show the dice of held-out cases beside that of training cases, in the structures’ colours', () => {
    expect(diceCurves(epochs, structures).map(({ label, values }) => [label, values])).toEqual([
      ['lung', [0.8, 0.8, 0.8]],
      ['heart', [null, null, null]],
    ]);
    const held = diceCurves([epoch(1, { validationDice: [0.7, 0.6] })], structures);
    expect(held.map(({ label, colour, values }) => [label, colour, values[0]])).toEqual([
      ['lung', '#111111', 0.7],
      ['lung, training', '#111111', 0.8],
      ['heart', '#222222', 0.6],
      ['heart, training', '#222222', null],
    ]);
  });

  it('put the quantiles of the weights into bands around the median', () => {
    const { curves, bands } = weightBands(epochs, { line: 'l', outer: 'o', inner: 'i' });
    const at = (index: number): number | null => curves[index].values[0];
    expect(bands.map(({ from, to }) => [at(from), at(to)])).toEqual([
      [3, 0.1],
      [1.5, 0.5],
    ]);
    expect(curves.filter(({ quiet }) => !quiet).map(({ values }) => values[0])).toEqual([1]);
  });

  it('replace an epoch and all later ones by the repeated epoch of a resumed run', () => {
    expect(withEpoch(epochs, epoch(2, { loss: 9 })).map(({ loss }) => loss)).toEqual([0.5, 9]);
  });

  it('draw trusted and distrusted cases apart', () => {
    const one = (id: string) => ({ case: id, weights: [1, 2], scores: [null, 3] });
    const series = { epochs: [1, 2], total: 9, lowest: [one('bad')], highest: [one('good')] };
    const drawn = trustCurves(series, 'scores', { lowest: 'red', highest: 'green' });
    expect(drawn.map(({ label, colour, values }) => [label, colour, values])).toEqual([
      ['good', 'green', [null, 3]],
      ['bad', 'red', [null, 3]],
    ]);
  });
});

describe('the form of a training', () => {
  it('asks for the defaults, and sends only the values that were changed', () => {
    const form = new TrainForm();
    expect(form.changed).toBe(0);
    expect(form.request).toEqual({
      preset: 'overread',
      training: {},
      size: 128,
      folds: null,
      pairs: null,
      fresh: false,
    });
    form.values.epochs = 7;
    form.values.learningRate = 0.01;
    form.values.warmUp = 3;
    form.values.patience = null;
    form.backend = null;
    expect(TrainRequest.parse(form.request)).toMatchObject({
      training: {
        epochs: 7,
        learningRate: 0.01,
        qamLearningRate: 0.01,
        warmUp: 3,
        patience: null,
      },
      backend: null,
    });
    expect(form.changed).toBe(5);
    form.reset();
    expect(form.changed).toBe(0);
  });

  it('says what is wrong, by field', () => {
    const form = new TrainForm();
    expect(form.problem).toBe(null);
    form.values.epochs = 0;
    form.size = null;
    expect(Object.keys(form.problems).sort()).toEqual(['epochs', 'size']);
    expect(form.problem).not.toBe(null);
  });

  it.each([
    ['epochs', 0, 'Epochs: at least 1.'],
    ['epochs', 2001, 'Epochs: at most 2000.'],
    ['epochs', 1.5, 'Epochs: a whole number.'],
    ['epochs', null, 'Epochs: a number is needed.'],
    ['learningRate', 0, 'Learning rate: more than 0.'],
    ['warmUp', -1, 'Warm-up: at least 0.'],
  ] as const)('says in one sentence what %s %s should be', (field, value, sentence) => {
    const form = new TrainForm();
    form.values[field] = value;
    expect(form.problem).toBe(sentence);
  });

  it('brings a preset’s own values', () => {
    const form = new TrainForm();
    form.values.epochs = 5;
    form.choose('published');
    expect(form.values).toMatchObject({ epochs: 30, warmUp: 0, augment: false });
    expect(TrainRequest.safeParse(form.request).success).toBe(true);
  });
});

describe('a run in words', () => {
  const run = (summary: unknown, live: RunInfo['live'] = null): RunInfo => ({
    id: 'r',
    startedAt: '',
    endedAt: null,
    status: 'done',
    config: {},
    summary,
    error: null,
    current: false,
    chosen: false,
    live,
  });
  const summary = (seconds: number, collapsed = false) => ({
    backend: 'wasm',
    device: 'CPU',
    epochs: 3,
    seconds,
    collapse: { collapsed, message: 'Use a longer --warm-up, or more --epochs.', signs: {} },
  });

  it('sums the seconds over folds, and gives null for a run that did not end', () => {
    expect(secondsOf(run({ folds: [summary(3), summary(4)] }))).toBe(7);
    expect(secondsOf(run(summary(5)))).toBe(5);
    expect(secondsOf(run(null))).toBe(null);
    expect(deviceOf(run(null))).toBe(null);
  });

  it('tells of a collapse in a fold or in a live run, without the command line’s dashes', () => {
    const said = 'Use a longer warm-up, or more epochs.';
    expect(collapseOf(run(summary(1)))).toBe(null);
    expect(collapseOf(run({ folds: [summary(1), summary(1, true)] }))).toBe(said);
    const report = {
      collapsed: true,
      message: 'Use a longer --warm-up, or more --epochs.',
      signs: {},
    };
    const live = { task: 't', paused: false, trains: true, fold: null };
    const messages = [{ type: 'collapse' as const, report }];
    expect(collapseOf(run(null, { ...live, messages }))).toBe(said);
  });
});
