/** `overread benchmark`: one experiment with made label noise, from noise to figures. */
import { Option } from 'commander';
import { join, resolve } from 'node:path';
import { runCell } from '../../benchmark/cell.ts';
import type { CellOptions, CellResult } from '../../benchmark/cell.ts';
import { openExperimentData } from '../../benchmark/dataset.ts';
import { NOISE_NAMES, parseNoise } from '../../benchmark/noise.ts';
import type { NoiseSpec } from '../../benchmark/noise.ts';
import { checkSize } from '../../training/config.ts';
import { BackendName, FIXED_EPOCHS, PRESETS } from '../../../trainer/messages.ts';
import type { TrainConfig } from '../../../trainer/messages.ts';
import type { Register, Session } from '../command.ts';
import { evaluationTable } from '../evaluation.ts';
import { cacheFolder } from '../../training/machine.ts';
import { numberBetween, wholeNumber } from '../options.ts';
import { createTrainingReport } from '../training-report.ts';

interface Options {
  readonly noise: string;
  readonly mode?: NoiseSpec['mode'];
  readonly share?: number;
  readonly seed: number;
  readonly preset: TrainConfig['preset'];
  readonly qam: boolean;
  readonly compareWithoutQam?: boolean;
  readonly epochs: number;
  readonly size: number;
  readonly batch: number;
  readonly splits?: string;
  readonly backend?: BackendName;
  readonly out?: string;
  readonly json?: boolean;
}

/** A folder name that tells one experiment from another. */
function cellName({ noise, seed, size, training }: Omit<CellOptions, 'data' | 'out' | 'backend'>) {
  const { preset, qam, epochs, batch } = training;
  const spec = `${noise.from}-${noise.to}-${noise.mode}-${Math.round(noise.share * 100)}pc`;
  return `${spec}-seed${seed}-${preset}-${qam ? 'qam' : 'plain'}-${size}px-${epochs}e-b${batch}`;
}

function describe(title: string, result: CellResult): string {
  const { damaged, cases, structures, testDice, meanTestDice, evaluations, collapse } = result;
  const dice = testDice?.map((value, index) => `${structures[index]} ${value?.toFixed(3) ?? '–'}`);
  const lines = [`${title}: ${damaged} of ${cases} training cases damaged`];
  const perCase = evaluations.filter(({ per }) => per === 'case');
  if (perCase.length > 0) lines.push(evaluationTable(perCase));
  if (dice && meanTestDice !== null) {
    lines.push(`Test dice ${meanTestDice.toFixed(4)} (${dice.join(', ')})`);
  }
  if (collapse) lines.push(collapse.collapsed ? `Collapsed: ${collapse.message}` : 'No collapse.');
  return lines.join('\n');
}

async function runOne(
  session: Session,
  options: Omit<CellOptions, 'out'> & { root: string },
): Promise<CellResult> {
  const { terminal, signal } = session;
  const report = createTrainingReport(terminal, 'progress');
  report.begin(options.data.structures, options.training.epochs);
  const result = await runCell({
    ...options,
    out: join(options.root, cellName(options)),
    signal,
    onProgress: (progress) => terminal.progress(progress),
    onMessage: (message) => report.message(message, null),
  });
  terminal.endProgress();
  return result;
}

export const registerBenchmark: Register = (program, session) => {
  const { terminal, env } = session;
  program
    .command('benchmark')
    .description('damage the labels of a clean dataset, train, and measure what is found')
    .argument('<dataset>', 'a folder with images/, a folder a structure, and splits.json')
    .option('--noise <name>', `${NOISE_NAMES.join(', ')}, or radii at 256² such as 5..13`, 'high')
    .addOption(
      new Option('--mode <how>', 'erode, dilate, or either by a coin').choices([
        'both',
        'erode',
        'dilate',
      ]),
    )
    .option('--share <s>', 'share of the training cases, 0 to 1', numberBetween(0, 1))
    .option('--seed <n>', 'of the noise and of the training', wholeNumber(0), 0)
    .addOption(
      new Option('--preset <name>', 'of the training')
        .choices(['overread', 'published'])
        .default('overread'),
    )
    .option('--no-qam', 'train the segmenter alone')
    .option('--compare-without-qam', 'train a second time without the QAM')
    .option('--epochs <n>', 'passes over the cases', wholeNumber(1, 2000), 30)
    .option('--size <pixels>', 'side of the square the networks see', wholeNumber(1), 128)
    .option('--batch <n>', 'cases in a step', wholeNumber(2, 256), 8)
    .option('--splits <file>', 'names of the train and test cases (default: splits.json)')
    .addOption(new Option('--backend <name>', 'what computes').choices(BackendName.options))
    .option('--out <dir>', 'where experiments are kept (default: in the cache folder)')
    .option('--json', 'print one JSON line')
    .addHelpText(
      'after',
      '\nExample:\n  overread benchmark datasets/jsrt --noise low --compare-without-qam',
    )
    .action(async (folder: string, options: Options) => {
      const noise = parseNoise(options.noise, { share: options.share, mode: options.mode });
      const { seed, size, epochs, batch, backend } = options;
      const training: TrainConfig = {
        ...PRESETS[options.preset],
        ...FIXED_EPOCHS,
        epochs,
        batch,
        seed,
        qam: options.qam,
      };
      checkSize(size, training);
      const splits = options.splits === undefined ? undefined : resolve(options.splits);
      const data = await openExperimentData(resolve(folder), splits);
      const root = resolve(options.out ?? join(cacheFolder(env), 'benchmark'));
      const cell = { data, noise, seed, size, backend: backend ?? null, root };
      const result = await runOne(session, { ...cell, training });
      const plain =
        options.compareWithoutQam === true && options.qam
          ? await runOne(session, { ...cell, training: { ...training, qam: false } })
          : null;
      if (options.json === true) {
        terminal.print(JSON.stringify({ noise, seed, size, training, result, withoutQam: plain }));
        return;
      }
      terminal.print(describe(options.qam ? 'With the QAM' : 'Without the QAM', result));
      if (plain) terminal.print(`\n${describe('Without the QAM', plain)}`);
    });
};
