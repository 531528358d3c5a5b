/** `overread train`: learns from the project's labels how well each fits its image. */
import { Option } from 'commander';
import { UsageError, UserError } from '../../errors.ts';
import type { ProjectWriter, Run } from '../../store/types.ts';
import { resumeProject, trainProject, unfinishedRun } from '../../training/run.ts';
import type { RunEvents } from '../../training/run.ts';
import { BackendName, PRESETS, TrainConfig } from '../../../trainer/messages.ts';
import { Cancelled } from '../command.ts';
import type { Register, Session } from '../command.ts';
import { numberBetween, wholeNumber } from '../options.ts';
import { writeProject } from '../project.ts';
import { quoted } from '../terminal.ts';
import { createTrainingReport } from '../training-report.ts';
import type { ReportStyle } from '../training-report.ts';

const DEFAULT_SIZE = 128;

interface Options {
  readonly preset: TrainConfig['preset'];
  readonly epochs?: number;
  readonly size?: number;
  readonly batch?: number;
  readonly seed?: number;
  readonly learningRate?: number;
  readonly warmUp?: number;
  readonly patience?: number;
  readonly validation?: number;
  readonly augment?: boolean;
  readonly backend?: BackendName;
  readonly folds?: number;
  readonly pairs?: 1 | 2;
  readonly fresh?: boolean;
  readonly resume?: boolean;
  readonly json?: boolean;
}

/** The settings of a training: those of the preset, replaced where the command line gives an option. */
export function trainingConfig(options: Partial<Options>): TrainConfig {
  const { epochs, batch, seed, learningRate, warmUp, patience, validation, augment } = options;
  return TrainConfig.parse({
    ...PRESETS[options.preset ?? 'overread'],
    ...(epochs !== undefined && { epochs }),
    ...(batch !== undefined && { batch }),
    ...(seed !== undefined && { seed }),
    ...(learningRate !== undefined && { learningRate, qamLearningRate: learningRate }),
    ...(warmUp !== undefined && { warmUp }),
    ...(patience !== undefined && { patience }),
    ...(validation !== undefined && { validationShare: validation }),
    ...(augment !== undefined && { augment }),
  });
}

/** Runs `work` and reports the training on the terminal. */
export async function trainAndTell(
  project: ProjectWriter,
  session: Pick<Session, 'terminal' | 'signal'>,
  style: ReportStyle,
  work: (events: RunEvents) => Promise<Run>,
): Promise<Run> {
  const report = createTrainingReport(session.terminal, style);
  const events: RunEvents = {
    signal: session.signal,
    onRun: (run) => report.run(run),
    onMessage: (message, fold) => report.message(message, fold),
    onProgress: (progress) => session.terminal.progress(progress),
    onNotice: (message) => session.terminal.say(message),
  };
  const run = await work(events);
  session.terminal.endProgress();
  report.end(run, project.folder);
  return run;
}

export const registerTrain: Register = (program, session) => {
  const { terminal } = session;
  program
    .command('train')
    .description('learn how well each label fits its image, and score all labels')
    .argument('<project>', 'the project folder')
    .addOption(
      new Option(
        '--preset <name>',
        'overread: the best in our benchmark; published: as in the paper',
      )
        .choices(['overread', 'published'])
        .default('overread'),
    )
    .option(
      '--epochs <n>',
      `passes over the cases (default: ${PRESETS.overread.epochs})`,
      wholeNumber(1, 2000),
    )
    .option(
      '--size <pixels>',
      `side of the square the networks see (default: ${DEFAULT_SIZE})`,
      wholeNumber(1),
    )
    .option(
      '--batch <n>',
      `cases in a step (default: ${PRESETS.overread.batch})`,
      wholeNumber(2, 256),
    )
    .option('--seed <n>', 'seed of every random choice (default: 0)', wholeNumber(0))
    .option(
      '--learning-rate <r>',
      `learning rate of both networks (default: ${PRESETS.overread.learningRate})`,
      numberBetween(1e-7, 1),
    )
    .option(
      '--warm-up <epochs>',
      'epochs before the quality network joins (default: chosen from the data)',
      wholeNumber(0),
    )
    .option(
      '--patience <epochs>',
      'stop after this many epochs without a better validation dice',
      wholeNumber(1),
    )
    .option(
      '--validation <share>',
      'share of the cases that only validate, 0 to 0.5',
      numberBetween(0, 0.5),
    )
    .option(
      '--augment',
      'vary position, size and contrast of the images (as the preset overread does)',
    )
    .option('--no-augment', 'train on the images as they are')
    .addOption(
      new Option(
        '--backend <name>',
        'backend to train with (default: the first that works)',
      ).choices(BackendName.options),
    )
    .option('--folds <k>', 'score each case by networks that have not seen it', wholeNumber(2, 100))
    .option(
      '--pairs <n>',
      'pairs of networks that judge every label together, 1 or 2 (default: 2 where most images lack a structure)',
      wholeNumber(1, 2),
    )
    .option('--fresh', 'start from scratch even if labels were corrected since the last training')
    .option('--resume', 'continue the training that was interrupted')
    .option('--json', 'print the progress as JSON lines')
    .addHelpText(
      'after',
      '\nExamples:\n  overread train chest.overread --epochs 40 --size 128\n' +
        '  overread train chest.overread --resume',
    )
    .action(async (folder: string, options: Options) => {
      const { resume, json, backend, folds, pairs, fresh, size, ...settings } = options;
      const given = Object.entries({ ...settings, backend, folds, pairs, fresh, size }).find(
        ([name, value]) =>
          value !== undefined && !['debug', 'quiet'].includes(name) && value !== 'overread',
      );
      if (resume === true && given !== undefined) {
        throw new UsageError(
          '--resume keeps the options of the interrupted training: leave the other options out.',
        );
      }
      await writeProject(folder, 'overread train', async (project) => {
        const unfinished = unfinishedRun(project);
        if (resume !== true && unfinished !== null) {
          terminal.say(
            `The last training did not end (${unfinished.status}): --resume would continue it.`,
          );
        }
        const work = (events: RunEvents): Promise<Run> =>
          resume === true
            ? resumeProject(project, events)
            : trainProject(
                project,
                {
                  training: trainingConfig(settings),
                  size: size ?? DEFAULT_SIZE,
                  backend: backend ?? null,
                  folds: folds ?? null,
                  pairs: pairs ?? null,
                  fresh: fresh === true,
                },
                events,
              );
        const style = json === true ? 'json' : 'lines';
        await trainAndTell(project, session, style, work).catch((error: unknown) => {
          if (!session.signal.aborted || error instanceof UserError) throw error;
          if (unfinishedRun(project) === null) throw error;
          throw new Cancelled(`Cancelled. To continue: overread train ${quoted(folder)} --resume`);
        });
      });
    });
};
