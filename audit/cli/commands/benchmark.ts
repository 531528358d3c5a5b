/** `overread benchmark`: adds artificial label noise to a dataset, trains on it and reports the figures. */
import { Option } from 'commander';
import { basename, join, resolve } from 'node:path';
import { availableParallelism } from 'node:os';
import { openExperimentData, withGivenLabels } from '../../benchmark/dataset.ts';
import type { ExperimentData } from '../../benchmark/dataset.ts';
import { GRIDS, USUAL, cellName, gridCells, withCorrections } from '../../benchmark/grid.ts';
import type { CellSpec, Correction } from '../../benchmark/grid.ts';
import { METHODS, METHOD_NAMES, hasQam, isMethod, trainingOf } from '../../benchmark/methods.ts';
import {
  LESION_ERRORS,
  NOISE_NAMES,
  givenNoise,
  isGiven,
  noiseWords,
  parseNoise,
} from '../../benchmark/noise.ts';
import type { DiscNoise, NoiseSpec } from '../../benchmark/noise.ts';
import { phantomsFor, writePhantomExperiment } from '../../benchmark/phantoms.ts';
import type { ExpectedFigures } from '../../benchmark/expected.ts';
import { REPORT_FILES, runExperiment } from '../../benchmark/run.ts';
import type { ResultLine } from '../../benchmark/results.ts';
import { counted, decimal, percent } from '../../contract/words.ts';
import { secondsLeft } from '../../datasets/import/pipeline.ts';
import { UsageError } from '../../errors.ts';
import { checkSize } from '../../training/config.ts';
import { BackendName } from '../../../trainer/messages.ts';
import type { Register, Session } from '../command.ts';
import { evaluationTable } from '../evaluation.ts';
import { cacheFolder } from '../../../models/folders.ts';
import { numberBetween, wholeNumber } from '../options.ts';
import { createTrainingReport } from '../training-report.ts';

interface Options {
  readonly grid?: string;
  readonly noise: string[];
  readonly givenLabels?: string;
  readonly lesionShare?: number;
  readonly mode?: DiscNoise['mode'];
  readonly structures?: 'one' | 'all';
  readonly share: number[];
  readonly seed: number[];
  readonly method: string[];
  readonly epochs: number;
  readonly size: number;
  readonly batch: number;
  readonly cases?: number;
  readonly correct: number[];
  readonly order?: Correction['order'];
  readonly splits?: string;
  readonly backend?: BackendName;
  readonly out?: string;
  readonly json?: boolean;
}

/** Makes the parser of an option that may be given several times. @param parse reads one value */
function several<Value>(parse: (text: string) => Value) {
  return (text: string, previous: readonly Value[]): Value[] => [...previous, parse(text)];
}

function cellsOf(options: Options): CellSpec[] {
  const { correct, order } = options;
  if (order !== undefined && correct.length === 0) {
    throw new UsageError('--order says which cases are corrected: give --correct, too.');
  }
  const cells = plainCells(options);
  const alone = cells.find(({ method }) => !hasQam(method));
  if (correct.length > 0 && alone) {
    throw new UsageError(`${alone.method} has no QAM to train again: leave --correct out.`);
  }
  return withCorrections(
    cells,
    correct.map((cases) => ({ cases, order: order ?? 'rank' })),
  );
}

/** `--lesion-share` without `--cases` makes so many training cases. */
const LESION_CASES = 200;
/** Side of a phantom with lesions, in pixels. */
const LESION_IMAGE = 256;

/** The share of the lesions whose labels are wrong. */
function lesionErrors({ share }: Options): number {
  if (share.length > 1) {
    throw new UsageError('The labels of lesions are made once: give --share one value.');
  }
  return share.at(0) ?? LESION_ERRORS;
}

function noisesOf(options: Options): NoiseSpec[] {
  const { givenLabels, lesionShare, mode, structures } = options;
  if (givenLabels !== undefined) return [givenNoise(resolve(givenLabels))];
  if (lesionShare !== undefined) {
    return [{ kind: 'lesions', present: lesionShare, share: lesionErrors(options) }];
  }
  const shares = options.share.length > 0 ? options.share : [undefined];
  return options.noise.flatMap((name) =>
    shares.map((share) => parseNoise(name, { share, mode, structures })),
  );
}

function plainCells(options: Options): CellSpec[] {
  const { epochs, size, batch, lesionShare } = options;
  const cases = options.cases ?? (lesionShare === undefined ? undefined : LESION_CASES);
  const common = { epochs, size, batch, ...(cases !== undefined && { cases }) };
  if (options.grid !== undefined) return GRIDS[options.grid](common);
  const noises = noisesOf(options);
  const methods = options.method.map((name) => {
    if (isMethod(name)) return name;
    throw new UsageError(`There is no method "${name}": choose one of ${METHOD_NAMES.join(', ')}.`);
  });
  const seeds = options.seed.length > 0 ? options.seed : [0];
  return gridCells({ ...common, noises, methods, seeds });
}

/** Says how far the expected dice is from the true one, and how often its interval holds the true one. */
function expectedSentence({ all, levels = [] }: ExpectedFigures): string {
  const parts = [{ name: 'all labels', ...all }]
    .concat(levels.slice(0, 1).map((one) => ({ name: `below ${one.below}`, ...one })))
    .map(({ name, labels, error, covered }) => {
      const held = covered === null ? '–' : percent(covered);
      return `${name} ${decimal(error, 3)}, interval holds ${held} (${labels})`;
    });
  return `Error of the expected dice: ${parts.join('; ')}`;
}

function describe({ cell, result }: ResultLine): string {
  const { damaged, cases, structures, testDice, meanTestDice, evaluations, collapse } = result;
  const given = isGiven(cell.noise);
  const dice = testDice?.map((value, index) => `${structures[index]} ${decimal(value, 3)}`);
  const title = `${cell.method}, noise: ${noiseWords(cell.noise)}, seed ${cell.seed}`;
  const { correct } = cell;
  const after = correct
    ? `, ${correct.cases} corrected (${correct.order}), ${result.found ?? 0} found`
    : '';
  const state = given ? 'with an error' : 'damaged';
  const lines = [`${title}${after}: ${damaged} of ${counted(cases, 'training case')} ${state}`];
  const shown = evaluations.filter(({ per }) => given || per === 'case');
  if (shown.length > 0) lines.push(evaluationTable(shown));
  if (result.expected) lines.push(expectedSentence(result.expected));
  if (dice && meanTestDice !== null) {
    lines.push(`Test dice ${decimal(meanTestDice, 4)} (${dice.join(', ')})`);
  }
  if (collapse) lines.push(collapse.collapsed ? `Collapsed: ${collapse.message}` : 'No collapse.');
  return lines.join('\n');
}

/** Makes phantoms with lesions in `folder`, unless they are there. */
async function makeLesions(
  folder: string,
  options: Options & { lesionShare: number },
  { terminal, signal }: Session,
): Promise<void> {
  const startedAt = performance.now();
  await writePhantomExperiment(folder, {
    count: phantomsFor(options.cases ?? LESION_CASES),
    size: LESION_IMAGE,
    seed: 0,
    lesions: { share: options.lesionShare, errorShare: lesionErrors(options) },
    threads: availableParallelism(),
    signal,
    onProgress: (done, total) =>
      terminal.progress({
        ...{ task: 'demo', message: 'Making phantoms', done, total },
        secondsLeft: secondsLeft(startedAt, done, total),
      }),
  });
  terminal.endProgress();
}

/** Opens the dataset in `folder`, with the labels that the options name. */
async function openData(
  folder: string,
  options: Options,
  session: Session,
): Promise<ExperimentData> {
  const { lesionShare, givenLabels } = options;
  if (lesionShare !== undefined) await makeLesions(folder, { ...options, lesionShare }, session);
  const splits = options.splits === undefined ? undefined : resolve(options.splits);
  const data = await openExperimentData(folder, splits);
  return givenLabels === undefined ? data : withGivenLabels(data, resolve(givenLabels));
}

const methodList = METHOD_NAMES.map((name) => `  ${name.padEnd(16)}${METHODS[name].about}`);

export const registerBenchmark: Register = (program, session) => {
  const { terminal, env, signal } = session;
  program
    .command('benchmark')
    .description('damage the labels of a clean dataset, train, and measure what is found')
    .argument('<dataset>', 'a folder with images/, a folder for each structure, and splits.json')
    .addOption(
      new Option(
        '--given-labels <dir>',
        'train on the labels in this folder (STRUCTURE/NAME as in the dataset), which are wrong ' +
          'already; the dataset has the true masks',
      ).conflicts(['noise', 'share', 'mode', 'structures', 'lesionShare']),
    )
    .addOption(
      new Option(
        '--lesion-share <s>',
        'make phantoms in the dataset folder, this share with a lesion; --share of the lesions ' +
          `(default: ${LESION_ERRORS}) have a wrong label`,
      )
        .argParser(numberBetween(0, 1))
        .conflicts(['noise', 'mode', 'structures', 'splits']),
    )
    .addOption(
      new Option('--grid <name>', 'a whole experiment; replaces noise, shares, methods and seeds')
        .choices(Object.keys(GRIDS))
        .conflicts([
          ...['noise', 'share', 'method', 'seed', 'mode', 'structures'],
          ...['givenLabels', 'lesionShare'],
        ]),
    )
    .option('--noise <names...>', `${NOISE_NAMES.join(', ')}, or radii at 256² such as 5..13`, [
      'high',
    ])
    .addOption(
      new Option('--mode <how>', 'erode, dilate, or one of them at random (both)').choices([
        'both',
        'erode',
        'dilate',
      ]),
    )
    .addOption(
      new Option('--structures <which>', 'damage one random structure of a case, or all').choices([
        'one',
        'all',
      ]),
    )
    .addOption(
      new Option('--share <s...>', 'shares of the training cases to damage, 0 to 1')
        .argParser(several(numberBetween(0, 1)))
        .default([], 'the share that belongs to the noise'),
    )
    .addOption(
      new Option('--seed <n...>', 'seeds of the noise and of the training')
        .argParser(several(wholeNumber(0)))
        .default([], '0'),
    )
    .option('--method <names...>', 'methods to compare (see below)', ['overread'])
    .option('--epochs <n>', 'passes over the cases', wholeNumber(1, 2000), USUAL.epochs)
    .option('--size <pixels>', 'side of the square the networks see', wholeNumber(1), USUAL.size)
    .option('--batch <n>', 'cases in a step', wholeNumber(2, 256), USUAL.batch)
    .option(
      '--cases <n>',
      'number of training cases, drawn by the seed (default: all)',
      wholeNumber(2),
    )
    .addOption(
      new Option(
        '--correct <n...>',
        'correct so many cases after the training, then train on from its weights',
      )
        .argParser(several(wholeNumber(1)))
        .default([], 'none'),
    )
    .addOption(
      new Option(
        '--order <which>',
        'which cases to correct: the worst by rank (default), or random ones',
      ).choices(['rank', 'random']),
    )
    .option(
      '--splits <file>',
      'file with the names of the train and test cases (default: splits.json)',
    )
    .addOption(new Option('--backend <name>', 'backend to train with').choices(BackendName.options))
    .option('--out <dir>', 'folder of the results (default: in the cache folder)')
    .option('--json', 'print one JSON line for each cell')
    .addHelpText(
      'after',
      `\nMethods:\n${methodList.join('\n')}\n\n` +
        'Each combination of noise, share, method and seed is a cell. A cell with a result does not run again.\n' +
        'The folder of the results holds all of them as report.html, report.md and report.csv.\n' +
        '\nExamples:\n  overread benchmark datasets/jsrt --noise low --method overread no-qam' +
        '\n  overread benchmark datasets/jsrt --grid paper --out results' +
        '\n  overread benchmark datasets/jsrt --given-labels datasets/physicians' +
        '\n  overread benchmark phantoms --lesion-share 0.1 --cases 200',
    )
    .action(async (folder: string, options: Options) => {
      const cells = cellsOf(options);
      for (const cell of cells) checkSize(cell.size, trainingOf(cell.method, cell));
      const data = await openData(resolve(folder), options, session);
      const out = resolve(options.out ?? join(cacheFolder(env), 'benchmark', basename(data.root)));
      const report = createTrainingReport(terminal, 'progress');
      const results = await runExperiment({
        data,
        cells,
        out,
        backend: options.backend ?? null,
        signal,
        onCell: (cell, { number, of, done }) => {
          terminal.endProgress();
          if (of > 1)
            terminal.say(`Cell ${number} of ${of}: ${cellName(cell)}${done ? ', known' : ''}`);
          if (!done) report.begin(data.structures, cell.epochs);
        },
        onProgress: (progress) => terminal.progress(progress),
        onMessage: (message, fold) => report.message(message, fold),
      });
      terminal.endProgress();
      if (options.json === true) {
        for (const line of results) terminal.print(JSON.stringify(line));
        return;
      }
      terminal.print(results.map(describe).join('\n\n'));
      terminal.print(`\nReport: ${join(out, REPORT_FILES.html)}`);
    });
};
