/** `overread demo`: makes X-rays with known label errors, trains, ranks and opens the result. */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { Option } from 'commander';
import { BackendName } from '../../../trainer/messages.ts';
import { writePhantomExperiment } from '../../benchmark/phantoms.ts';
import { NUMBER_NAMES } from '../../contract/ranked.ts';
import type { RankNumber } from '../../contract/terms.ts';
import { counted, decimal } from '../../contract/words.ts';
import { secondsLeft } from '../../datasets/import/pipeline.ts';
import { DEMO_PLAN } from '../../demo/demo.ts';
import type { Register, Session } from '../command.ts';
import { runDemo } from '../demo.ts';
import type { RankedDemo } from '../demo.ts';
import { evaluationTable } from '../evaluation.ts';
import { wholeNumber } from '../options.ts';
import { shortReasons } from '../reasons.ts';
import { formatTable, quoted } from '../terminal.ts';
import { commandTyped } from '../typed.ts';
import { openForPerson } from './open.ts';

interface Options {
  readonly headless?: boolean;
  readonly dir: string;
  readonly benchmarkData?: string;
  readonly count: number;
  readonly epochs: number;
  readonly size: number;
  readonly backend?: BackendName;
  readonly json?: boolean;
}

/** The table shows this many more rows than there are cases with planted errors. */
const BELOW = 5;

/** What the numbers of the ranking are. */
const numberIn = (ranking: RankedDemo['ranking']): RankNumber => ranking[0]?.number ?? 'expected';

/** A table of the worst cases by rank; each row also names the errors planted in its case. */
function rankedTable({ ranking, errors }: RankedDemo): string {
  const planted = new Map<string, string[]>();
  for (const { case: id, structure, kind, dice } of errors) {
    const text = `${structure} ${kind}${dice === null ? '' : ` (dice ${decimal(dice, 2)})`}`;
    planted.set(id, [...(planted.get(id) ?? []), text]);
  }
  const rows = ranking
    .slice(0, planted.size + BELOW)
    .map(({ rank, case: id, score, reasons }) => [
      String(rank),
      id,
      decimal(score, 3),
      planted.get(id)?.join('; ') ?? '–',
      shortReasons(reasons),
    ]);
  return formatTable(['rank', 'case', NUMBER_NAMES[numberIn(ranking)], 'planted', 'why'], rows);
}

/** Makes phantoms, which are X-rays made by code, for `overread benchmark`. Nothing is trained. */
async function makeBenchmarkData(
  out: string,
  count: number,
  { terminal, signal, env }: Session,
): Promise<void> {
  const { imageSize: size, seed } = DEMO_PLAN;
  const startedAt = performance.now();
  const { train, test } = await writePhantomExperiment(out, {
    ...{ count, size, seed, threads: availableParallelism(), signal },
    onProgress: (done, total) =>
      terminal.progress({
        ...{ task: 'demo', message: 'Making phantoms', done, total },
        secondsLeft: secondsLeft(startedAt, done, total),
      }),
  });
  terminal.endProgress();
  terminal.print(
    `${train.length} training and ${counted(test.length, 'test case')} with clean labels.`,
  );
  terminal.print(`Next: ${commandTyped(env)} benchmark ${quoted(out)}`);
}

export const registerDemo: Register = (program, session) => {
  const { terminal } = session;
  program
    .command('demo')
    .description('make X-rays with planted label errors, train, rank, and open the result')
    .option('--headless', 'print the result and do not open it')
    .option('--dir <dir>', 'folder of the demo; a second run continues there', 'overread-demo')
    .option('--count <n>', 'number of X-rays', wholeNumber(4, 100_000), DEMO_PLAN.count)
    .option('--epochs <n>', 'passes over the X-rays', wholeNumber(1, 2000), DEMO_PLAN.epochs)
    .option(
      '--size <pixels>',
      'side of the square the networks see',
      wholeNumber(1),
      DEMO_PLAN.size,
    )
    .addOption(
      new Option(
        '--backend <name>',
        'backend to train with (default: the fastest that works)',
      ).choices(BackendName.options),
    )
    .addOption(
      new Option(
        '--benchmark-data <dir>',
        'only make X-rays with clean labels in this folder, for "overread benchmark"',
      ).conflicts(['headless', 'dir', 'epochs', 'size', 'backend', 'json']),
    )
    .option('--json', 'print the ranking and the figures as JSON')
    .addHelpText('after', '\nExample:\n  overread demo --headless')
    .action(async (options: Options) => {
      const { count, epochs, size, backend, benchmarkData } = options;
      if (benchmarkData !== undefined) {
        await makeBenchmarkData(resolve(benchmarkData), count, session);
        return;
      }
      const result = await runDemo(
        {
          ...DEMO_PLAN,
          dir: resolve(options.dir),
          count,
          epochs,
          size,
          backend: backend ?? null,
        },
        session,
      );
      if (options.json === true) terminal.print(JSON.stringify(result, null, 1));
      else {
        terminal.print(
          `The worst cases first, by ${NUMBER_NAMES[numberIn(result.ranking)]}, with the planted errors:`,
        );
        terminal.print(rankedTable(result));
        terminal.print(`\n${evaluationTable(result.evaluations)}\n`);
        terminal.print(`Open it: ${commandTyped(session.env)} open ${quoted(result.project)}`);
      }
      if (options.headless !== true) {
        await openForPerson(session, result.project, { standIn: true });
      }
    });
};
