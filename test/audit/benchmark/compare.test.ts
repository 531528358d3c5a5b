import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandRows } from '../../../audit/benchmark/commands.ts';
import { averageRows, foundRows, gainRows, variantRows } from '../../../audit/benchmark/compare.ts';
import { reportOf } from '../../../audit/benchmark/content.ts';
import { GRIDS, gridCells, withCorrections } from '../../../audit/benchmark/grid.ts';
import type { CellSpec } from '../../../audit/benchmark/grid.ts';
import { hasQam } from '../../../audit/benchmark/methods.ts';
import { NOISE_NAMES, noiseOptions, parseNoise } from '../../../audit/benchmark/noise.ts';
import { pageOf } from '../../../audit/benchmark/page.ts';
import { appendResult } from '../../../audit/benchmark/results.ts';
import type { ResultLine } from '../../../audit/benchmark/results.ts';
import type { Measure } from '../../../audit/benchmark/rivals.ts';
import { groupsOf } from '../../../audit/benchmark/summary.ts';
import { overread } from '../cli/overread.ts';

const COMMON = { size: 128, epochs: 30, batch: 8 };
const HIGH = parseNoise('high');

/** A result line whose evaluations per case have these AUROCs, by measure. */
function line(
  spec: Partial<CellSpec>,
  aurocs: Partial<Record<Measure, number>>,
  dice = 0.9,
): ResultLine {
  const pair = { clean: 0.1, damaged: 0.4 };
  const cell: CellSpec = { ...{ noise: HIGH, method: 'overread', seed: 0 }, ...COMMON, ...spec };
  return {
    cell,
    dataset: 'chests',
    result: {
      ...{ damaged: 4, cases: 8, structures: ['lung'], testDice: [dice], meanTestDice: dice },
      evaluations: Object.entries(aurocs).map(([by, auroc]) => ({
        ...{ by: by as Measure, per: 'case', count: 8, errors: 4, auroc, auprc: auroc },
        ...{ lift: [], spearman: null },
      })),
      ...{ collapse: null, warmUp: 1, backend: 'wasm', seconds: 90 },
      curves: hasQam(cell.method)
        ? [1, 2].map((epoch) => ({
            ...{ epoch, loss: pair, weighted: pair, weight: pair, spread: [0.5, 1.5] },
          }))
        : [],
    },
  };
}

describe('the combined rank and its rivals', () => {
  const lines = [
    line({ seed: 0 }, { combined: 0.98, learned: 0.9, softmin: 0.97, disagreement: 0.99 }),
    line({ seed: 1 }, { combined: 0.96, learned: 0.8, softmin: 0.97, disagreement: 0.91 }),
    line({ seed: 1, method: 'cross-fit' }, { 'cross-fitted-disagreement': 0.965 }),
  ];

  it('are compared over the seeds that have figures of both', () => {
    const [row] = foundRows(groupsOf(lines), 'case');
    expect(row.combined.mean).toBeCloseTo(0.97);
    expect(row.learned?.mean).toBeCloseTo(0.85);
    // The best rival ran with seed 1 alone: there its AUROC is 0.005 above that of the combined rank. The
    // other rivals ran with both seeds: on average softmin equals the combined rank, and disagreement is
    // lower.
    expect(row.rival?.by).toBe('cross-fitted-disagreement');
    expect(row.rival?.difference).toMatchObject({ seeds: 1 });
    expect(row.rival?.difference.mean).toBeCloseTo(-0.005);
    expect(foundRows(groupsOf(lines), 'label')).toEqual([]);
  });

  it('do not count the learned score among the rivals', () => {
    const [row] = foundRows(groupsOf([line({}, { combined: 0.9, learned: 0.99 })]), 'case');
    expect(row.rival).toBeNull();
  });
});

describe('the averages of the measures over the rows', () => {
  /** The result of `line`, with evaluations per label added whose AUROCs are lower by 0.1. */
  function both(spec: Partial<CellSpec>, aurocs: Partial<Record<Measure, number>>): ResultLine {
    const made = line(spec, aurocs);
    const labels = made.result.evaluations.map((one) => ({
      ...one,
      per: 'label' as const,
      auroc: (one.auroc ?? 0) - 0.1,
    }));
    const evaluations = [...made.result.evaluations, ...labels];
    return { ...made, result: { ...made.result, evaluations } };
  }
  const low = both({ noise: parseNoise('low') }, { combined: 0.9, softmin: 0.8 });

  it('weigh every row the same, whatever its seeds, and leave out measures that a row lacks', () => {
    const rows = averageRows(
      groupsOf([
        both({ seed: 0 }, { combined: 0.98, softmin: 0.99, disagreement: 0.99 }),
        both({ seed: 1 }, { combined: 0.96, softmin: 0.99, disagreement: 0.99 }),
        low,
        line({ noise: parseNoise('none') }, {}),
      ]),
    );
    expect(rows.map(({ by }) => by)).toEqual(['combined', 'softmin']);
    expect(rows[0].perCase).toMatchObject({ mean: expect.closeTo(0.935) as number, lowest: 0.9 });
    expect(rows[0].perLabel.mean).toBeCloseTo(0.835);
    expect(rows[1].perCase.seeds).toBe(2);
  });

  it('are left out if there is only one row', () => {
    expect(averageRows(groupsOf([low]))).toEqual([]);
  });
});

describe('comparisons of methods with the default', () => {
  const lines = [
    line({ seed: 0 }, { learned: 0.9, combined: 0.95 }, 0.9),
    line({ seed: 1 }, { learned: 0.8, combined: 0.95 }, 0.8),
    line({ seed: 0, method: 'no-qam' }, {}, 0.85),
    line({ seed: 1, method: 'no-qam' }, {}, 0.82),
    line({ seed: 1, method: 'lambda-4' }, { learned: 0.85, combined: 0.9 }, 0.81),
  ];

  it('give the gain in dice by the QAM, seed by seed', () => {
    const [{ first, second, difference }] = gainRows(groupsOf(lines));
    expect([first.mean, second.mean]).toEqual([expect.closeTo(0.85), expect.closeTo(0.835)]);
    expect(difference).toMatchObject({
      ...{ seeds: 2, lowest: expect.closeTo(-0.02) as number },
      highest: expect.closeTo(0.05) as number,
    });
  });

  it('give the change of a variant against the default over the same seeds', () => {
    const [own, other] = variantRows(groupsOf(lines));
    expect(own).toMatchObject({ method: 'overread', learnedChange: null, diceChange: null });
    expect(other.method).toBe('lambda-4');
    expect(other.learnedChange?.mean).toBeCloseTo(0.05);
    expect(other.diceChange?.mean).toBeCloseTo(0.01);
  });
});

describe('the command lines of a benchmark', () => {
  it('name every noise with options that parse to the same noise', () => {
    const noises = [
      ...NOISE_NAMES.map((name) => parseNoise(name)),
      ...NOISE_NAMES.map((name) => parseNoise(name, { share: 0.11 })),
      parseNoise('leak', { structures: 'one' }),
      parseNoise('people', { structures: 'all', share: 0.2 }),
      parseNoise('low', { structures: 'one' }),
      parseNoise('high', { mode: 'erode' }),
      parseNoise('3..4', { share: 0.25 }),
      parseNoise('8..13', { mode: 'both' }),
    ];
    for (const noise of noises) {
      const given = Object.fromEntries(
        noiseOptions(noise).map((text) => text.split(' ') as [string, string]),
      );
      const read = parseNoise(given['--noise'], {
        ...(given['--share'] && { share: Number(given['--share']) }),
        ...(given['--mode'] && { mode: given['--mode'] as 'both' }),
        ...(given['--structures'] && { structures: given['--structures'] as 'one' }),
      });
      expect(read).toEqual(noise);
    }
  });

  it('join cells that differ only in seed, method or corrected cases', () => {
    const cells = [
      ...GRIDS.paper(COMMON),
      ...withCorrections(
        gridCells({ ...COMMON, noises: [HIGH], methods: ['overread'], seeds: [0], cases: 30 }),
        [10, 20].map((cases) => ({ cases, order: 'random' as const })),
      ),
    ];
    const rows = commandRows(cells.map((cell) => line(cell, {})));
    const commands = rows.map(({ command }) => command);
    expect(commands).toContain(
      'overread benchmark chests --noise high --seed 0 1 2 --method overread no-qam',
    );
    expect(commands).toContain(
      'overread benchmark chests --noise low --share 0.25 --method overread no-qam',
    );
    expect(commands).toContain('overread benchmark chests --noise none --method overread no-qam');
    expect(commands).toContain(
      'overread benchmark chests --noise high --cases 30 --order random --correct 10 20',
    );
    expect(rows.reduce((sum, row) => sum + row.cells, 0)).toBe(cells.length);
    expect(rows.find(({ cells: count }) => count === 6)?.seconds).toBe(540);
  });
});

describe('the page of a benchmark', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'page-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const lines = [
    line({}, { combined: 0.98, learned: 0.9, softmin: 0.97 }, 0.9),
    line({ method: 'no-qam' }, {}, 0.85),
    line({ method: 'lambda-4' }, { combined: 0.97, learned: 0.9 }, 0.85),
  ];

  it('refers only to figures that exist, and every figure is well-formed XML', () => {
    const parts = [{ name: 'Chests & more', report: reportOf(lines) }];
    const { markdown, figures } = pageOf(parts, 'pictures');
    const shown = [...markdown.matchAll(/pictures\/([\w-]+\.svg)/g)].map(([, name]) => name);
    expect([...shown].sort()).toEqual([...figures.keys()].sort());
    // There are two dot charts, and two charts of the epochs of the default method; other methods get none.
    expect(shown).toHaveLength(4);
    for (const svg of figures.values()) {
      const parser = new SaxesParser();
      parser.on('error', (error) => {
        throw error;
      });
      expect(() => parser.write(svg).close()).not.toThrow();
    }
    expect(markdown).toContain('`overread benchmark chests --noise high --method');
  });

  it('is written by one command, which keeps files that it did not write', async () => {
    const results = join(folder, 'chests');
    mkdirSync(results);
    for (const one of lines) await appendResult(results, one);
    const out = join(folder, 'benchmark.md');
    mkdirSync(join(folder, 'benchmark'));
    writeFileSync(join(folder, 'benchmark', 'mine.svg'), '<svg/>');
    writeFileSync(join(folder, 'benchmark', 'chests-old.svg'), '<svg/>');
    expect((await overread('benchmark-page', results, '--out', out)).code).toBe(0);
    expect(readFileSync(out, 'utf8')).toContain('## chests');
    expect(existsSync(join(folder, 'benchmark', 'mine.svg'))).toBe(true);
    expect(existsSync(join(folder, 'benchmark', 'chests-old.svg'))).toBe(false);
    const nothing = await overread('benchmark-page', folder, '--out', out);
    expect(nothing).toMatchObject({ code: 1 });
    expect(nothing.err).toContain('holds no results of a benchmark');
    expect((await overread('benchmark-page', results, '--out', `${out}.txt`)).code).toBe(1);
  });
});
