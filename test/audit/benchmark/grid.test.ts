import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { averagedLabelLosses, epochCurves } from '../../../audit/benchmark/epochs.ts';
import { CellSpec, GRIDS, baseOf, cellName, gridCells } from '../../../audit/benchmark/grid.ts';
import { withCorrections } from '../../../audit/benchmark/grid.ts';
import { METHOD_NAMES, isCrossFit, trainingOf } from '../../../audit/benchmark/methods.ts';
import {
  givenNoise,
  noiseOptions,
  noiseWords,
  parseNoise,
} from '../../../audit/benchmark/noise.ts';
import { reportOf } from '../../../audit/benchmark/content.ts';
import { csvReport, htmlReport, markdownReport } from '../../../audit/benchmark/report.ts';
import { appendResult, readResults } from '../../../audit/benchmark/results.ts';
import type { CellResult, ResultLine } from '../../../audit/benchmark/results.ts';
import { diceRows, groupsOf } from '../../../audit/benchmark/summary.ts';
import { BenchmarkReport } from '../../../audit/contract/benchmark.ts';
import type { Outlines } from '../../../audit/benchmark/outlines.ts';
import { TrainConfig } from '../../../trainer/messages.ts';
import type { EpochScores } from '../../../trainer/messages.ts';

const COMMON = { size: 128, epochs: 30, batch: 8 };
const cell = (changes: Partial<CellSpec> = {}): CellSpec => ({
  ...{ noise: parseNoise('high'), method: 'overread', seed: 0 },
  ...COMMON,
  ...changes,
});

function line(spec: CellSpec, dice: number, auroc: number | null = 0.9): ResultLine {
  const pair = { clean: 0.1, damaged: 0.4 };
  const result: CellResult = {
    ...{ damaged: spec.noise.share === 0 ? 0 : 4, cases: 8, structures: ['lung', 'heart'] },
    evaluations:
      spec.method === 'no-qam'
        ? []
        : [
            {
              ...{ by: 'combined', per: 'case', count: 8, errors: 4, auroc, auprc: 0.8 },
              lift: [{ share: 0.05, lift: 2 }],
              levels: [{ below: 0.95, errors: 5, auroc: 0.77 }],
              spearman: 0.5,
            },
          ],
    testDice: [dice, dice - 0.1],
    meanTestDice: dice - 0.05,
    collapse: null,
    warmUp: 1,
    curves: [1, 2, 3].map((epoch) => ({
      ...{ epoch, loss: pair, weighted: pair, weight: pair, spread: [0.5, 1.5] },
    })),
    backend: 'wasm',
    seconds: 1,
  };
  return { cell: spec, dataset: 'chests & <more>', result };
}

describe('a grid', () => {
  it('has a cell with a unique name for every combination of noise, method and seed', () => {
    const noises = [parseNoise('low', { share: 0.25 }), parseNoise('none')];
    const cells = gridCells({ ...COMMON, noises, methods: ['overread', 'no-qam'], seeds: [0, 1] });
    expect(cells).toHaveLength(8);
    expect(new Set(cells.map(cellName)).size).toBe(8);
    expect(cellName(cells[0])).toBe('1-8-both-25pc-overread-seed0-128px-30e-b8');
    const one = cell({ noise: parseNoise('leak', { structures: 'one' }) });
    expect(cellName(one)).toBe('leak-one-30pc-overread-seed0-128px-30e-b8');
    expect(CellSpec.parse(JSON.parse(JSON.stringify(one)))).toEqual(one);
  });

  it('names and repeats labels that are wrong already', () => {
    const given = cell({ noise: givenNoise('data/two readers') });
    expect(cellName(given)).toBe('given-two-readers-overread-seed0-128px-30e-b8');
    expect(CellSpec.parse(JSON.parse(JSON.stringify(given)))).toEqual(given);
    expect(noiseOptions(given.noise)).toEqual(['--given-labels two readers']);
    const lesions = { kind: 'lesions' as const, present: 0.1, share: 0.25 };
    expect(cellName(cell({ noise: lesions }))).toContain('lesions-10pc-wrong-25pc-');
    expect(noiseOptions(lesions)).toEqual(['--lesion-share 0.1', '--share 0.25']);
    expect(noiseWords(lesions)).toBe('lesions in 10 %, 25 % of them wrong');
  });

  it('goes on from each of its cells with corrections', () => {
    const corrections = [10, 20].map((cases) => ({ cases, order: 'rank' as const }));
    const cells = withCorrections([cell({ cases: 30 }), cell({ seed: 1 })], corrections);
    expect(cells.map(cellName)).toEqual(
      ['seed0', 'seed1'].flatMap((seed, i) =>
        ['', '-corrected10-rank', '-corrected20-rank'].map(
          (after) => `5-13-both-50pc-overread-${seed}-128px-30e-b8${i === 0 ? '-n30' : ''}${after}`,
        ),
      ),
    );
    expect(baseOf(cells[2])).toEqual(cells[0]);
  });

  it('of the paper has clean labels and both severities at three shares, with three seeds at 50 %', () => {
    const cells = GRIDS.paper(COMMON);
    expect(new Set(cells.map(cellName)).size).toBe(cells.length);
    const count = (share: number, seed: number): number =>
      cells.filter((one) => one.noise.share === share && one.seed === seed).length;
    expect([count(0, 0), count(0.25, 0), count(0.5, 0), count(0.75, 0)]).toEqual([2, 4, 4, 4]);
    expect([count(0.5, 1), count(0.5, 2), count(0.25, 1)]).toEqual([4, 4, 0]);
  });

  it('gives each method a complete configuration, different from that of every other method', () => {
    const all = METHOD_NAMES.map((name) => trainingOf(name, { ...cell(), seed: 3 }));
    for (const config of all) expect(TrainConfig.strict().parse(config)).toEqual(config);
    const kinds = METHOD_NAMES.map((name, i) => `${isCrossFit(name)} ${JSON.stringify(all[i])}`);
    expect(new Set(kinds).size).toBe(METHOD_NAMES.length);
    expect(all.every(({ seed, validationShare }) => seed === 3 && validationShare === 0)).toBe(
      true,
    );
  });
});

describe('the results of a benchmark', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'overread-results-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are read as they were written, and the newest result of a cell replaces the older', async () => {
    expect((await readResults(folder)).size).toBe(0);
    const [first, second] = [line(cell(), 0.8), line(cell({ seed: 1 }), 0.9)];
    await appendResult(folder, first);
    await appendResult(folder, second);
    await appendResult(folder, line(cell(), 0.7));
    const found = await readResults(folder);
    expect([...found.keys()]).toEqual([cellName(first.cell), cellName(second.cell)]);
    expect(found.get(cellName(first.cell))).toEqual(line(cell(), 0.7));
  });

  it('lose only a line that a crash cut off', async () => {
    await appendResult(folder, line(cell(), 0.8));
    const file = join(folder, 'results.jsonl');
    appendFileSync(file, '{"cell":{"noise":{"sha');
    expect((await readResults(folder)).size).toBe(1);
    await appendResult(folder, line(cell({ seed: 1 }), 0.9));
    expect((await readResults(folder)).size).toBe(2);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3);
  });

  it('of the previous version are read without changes', async () => {
    const old = {
      cell: { ...cell(), noise: { share: 0.5, from: 5, to: 13, mode: 'both' } },
      dataset: 'jsrt',
      result: line(cell(), 0.8).result,
    };
    writeFileSync(join(folder, 'results.jsonl'), `${JSON.stringify(old)}\n`);
    const found = await readResults(folder);
    expect([...found]).toEqual([['5-13-both-50pc-overread-seed0-128px-30e-b8', old]]);
  });

  it('are refused with the line number if a line is not a result', async () => {
    writeFileSync(join(folder, 'results.jsonl'), `${JSON.stringify(line(cell(), 1))}\n{}\n`);
    await expect(readResults(folder)).rejects.toThrow(/Line 2 of .* is not a result/);
  });
});

describe('the report of a benchmark', () => {
  const results = [
    line(cell({ method: 'no-qam' }), 0.7),
    line(cell({ seed: 1 }), 0.9, 1),
    line(cell(), 0.8),
    line(cell({ noise: parseNoise('none') }), 0.95, null),
  ];

  it('has one row for all seeds of a method, and lists the clean labels first', () => {
    const rows = diceRows(groupsOf(results));
    expect(rows.map(({ method, noise }) => [method, /none/.test(noise)])).toEqual([
      ['overread', true],
      ['no-qam', false],
      ['overread', false],
    ]);
    expect(rows[2].mean).toMatchObject({ seeds: 2 });
    expect(rows[2].mean?.mean).toBeCloseTo(0.8, 10);
    expect(rows[2].mean?.lowest).toBeCloseTo(0.75, 10);
  });

  it('lists each kind of damage separately, and the results before and after corrections', () => {
    const noise = parseNoise('people');
    const found = { errors: 3, auroc: 0.91 };
    const kinds = (['case', 'label'] as const).map((per) => ({
      ...{ kind: 'leak', by: 'combined' as const, per, all: found },
      gross: { errors: 1, auroc: 0.99 },
    }));
    const base = line(cell({ noise }), 0.8);
    const after = line(cell({ noise, correct: { cases: 10, order: 'rank' } }), 0.85, 0.7);
    const results = [
      { ...base, result: { ...base.result, kinds } },
      { ...after, result: { ...after.result, damaged: 1, found: 3 } },
      line(cell({ noise, seed: 1 }), 0.5),
    ];
    const markdown = markdownReport(reportOf(results));
    expect(markdown).toMatch(/leak \| combined \| 3 \| 0\.910 \| 3 \| 0\.910 \| 1 \| 0\.990/);
    expect(markdown).toMatch(/\| – \| 0 \| 0 \| 4 \| 0\.7500 \| 0\.900 \|/);
    expect(markdown).toMatch(/\| rank \| 10 \| 3 \| 1 \| 0\.8000 \| 0\.700 \|/);
  });

  it('is written as Markdown, CSV and HTML, and escapes names in the HTML', () => {
    const markdown = markdownReport(reportOf(results));
    expect(markdown).toContain('0.950 (0.900–1.000)');
    expect(markdown).toMatch(/\| combined \| 5 \| 0\.770 \| – \|/);
    const csv = csvReport(results).trimEnd().split('\r\n');
    expect(csv).toHaveLength(1 + results.length);
    expect(new Set(csv.map((row) => row.split(',').length))).toEqual(new Set([24]));
    const page = htmlReport(reportOf(results));
    expect(page).toContain('chests &amp; &lt;more&gt;');
    expect(page).not.toContain('<more>');
    expect(page.match(/<svg/g)).toHaveLength(4);
    expect(page).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  });
});

describe('the outlines of a report', () => {
  const of = (dice: number): Outlines => ({
    ...{ version: 1, size: 16 },
    cases: [
      {
        ...{ id: '<case>', image: 'data:image/png;base64,AAAA' },
        structures: [{ name: 'lung', truth: 'M1 1L2 1L2 2Z', predicted: 'M1 1L3 1L3 3Z', dice }],
      },
    ],
  });
  const cells = [cell(), cell({ method: 'no-qam' }), cell({ noise: parseNoise('low') })];
  const drawn = new Map(cells.map((spec, i) => [cellName(spec), of(0.8 + i / 10)]));

  it('stand side by side if both methods drew the same cases', () => {
    const report = reportOf(
      cells.map((spec) => line(spec, 0.8)),
      drawn,
    );
    expect(report.outlines.map(({ title }) => title)).toEqual([
      expect.stringMatching(/13 px, seed 0$/),
    ]);
    const page = htmlReport(BenchmarkReport.parse(report));
    expect(page).toContain('overread: lung 0.800; no-qam: lung 0.900');
    expect(page.match(/M1 1L3 1L3 3Z/g)).toHaveLength(2);
    expect(page.match(/base64,AAAA/g)).toHaveLength(1);
    expect(page).not.toContain('<case>');
  });

  it('are left out if only one method drew outlines, or if the methods drew different cases', () => {
    const alone = reportOf([line(cells[0], 0.8)], drawn);
    expect(alone.outlines).toEqual([]);
    const [first] = of(1).cases;
    const other = { ...of(1), cases: [{ ...first, id: 'another' }] };
    const mixed = new Map([...drawn, [cellName(cells[1]), other] as const]);
    expect(reportOf([line(cells[0], 0.8), line(cells[1], 0.8)], mixed).outlines).toEqual([]);
  });
});

describe('the recorded epochs of a run', () => {
  const epoch = (number: number, averaged = false): EpochScores => ({
    ...{ epoch: number, averaged, scores: null },
    losses: [0.2, 0.6, null, 0.9],
    weights: [1.5, 0.5, null, 1],
    labelLosses: [[0.1, 0.3], [0.2 * number, 1], null, [0, 0]],
  });

  it('become means over the clean and over the damaged training cases', () => {
    const known = [false, true, false, null];
    const [curve, ...others] = epochCurves([epoch(1), epoch(2, true)], known);
    expect(others).toEqual([]);
    expect(curve.loss).toEqual({ clean: 0.2, damaged: 0.6 });
    expect(curve.weighted.clean).toBeCloseTo(0.3, 12);
    expect(curve.weighted.damaged).toBeCloseTo(0.3, 12);
    expect(curve.spread).toEqual([0.5, 1.5]);
  });

  it('give the mean loss of each label, or null if the run recorded no losses of labels', () => {
    const losses = averagedLabelLosses([epoch(1), epoch(3), epoch(3, true)]);
    expect(losses?.[1]?.[0]).toBeCloseTo(0.4, 12);
    expect(losses?.[1]?.[1]).toBe(1);
    expect(losses?.[2]).toBeNull();
    expect(averagedLabelLosses([{ ...epoch(1), labelLosses: undefined }])).toBeNull();
  });
});
