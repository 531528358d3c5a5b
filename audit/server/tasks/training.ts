/**
 * Runs trainings and scorings as tasks. The trainer's messages become events, its steps become
 * progress.
 */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { RunConfig } from '../../contract/api.ts';
import type { Task } from '../../contract/api.ts';
import { partName, runParts } from '../../contract/run-parts.ts';
import type { RunParts } from '../../contract/run-parts.ts';
import type { Progress } from '../../contract/terms.ts';
import { UserError } from '../../errors.ts';
import { scoringRun } from '../../ranking/model.ts';
import { modelHash, scoreProject } from '../../scoring/score.ts';
import type { Run } from '../../store/types.ts';
import { RUN_FILES } from '../../../models/run-files.ts';
import { resumeProject, scoreRun, trainProject } from '../../training/run.ts';
import type { RunEvents, TrainOptions } from '../../training/run.ts';
import type { TrainerMessage } from '../../../trainer/messages.ts';
import type { ServerContext } from '../http/context.ts';
import { updateTraining } from './live.ts';
import type { OpenedProject } from '../project/opened-project.ts';

/** The shortest time between two step events; the trainer sends many steps a second. */
const STEP_MS = 250;

/** Turns a step into the progress of the training, or of the training of one fold or pair. */
function stepProgress(
  message: Extract<TrainerMessage, { type: 'step' }>,
  epochs: number,
  name: string | null,
): Progress {
  const { epoch, step, steps, secondsLeft } = message;
  return {
    task: 'train',
    message: `${name === null ? '' : `${name}, `}epoch ${epoch} of ${epochs}`,
    done: (epoch - 1) * steps + step,
    total: epochs * steps,
    secondsLeft,
  };
}

/**
 * Runs a training inside a task, keeps its state in `trainings` and publishes its messages.
 * @param task id of the task
 * @param work trains and scores
 */
export async function superviseTraining(
  context: Pick<ServerContext, 'bus' | 'trainings'>,
  opened: OpenedProject,
  task: string,
  epochs: number,
  work: (events: RunEvents) => Promise<Run>,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Run> {
  const { bus, trainings } = context;
  let run = '';
  let stepAt = 0;
  let parts: RunParts | null = null;
  const publish = (message: TrainerMessage, fold: number | null): void => {
    const training = trainings.get(run);
    if (training) updateTraining(training, message, fold);
    bus.publish({ type: 'run', run, message, fold });
  };
  try {
    return await work({
      signal,
      onProgress,
      onRun: ({ id, config }) => {
        run = id;
        parts = runParts(RunConfig.safeParse(config).data ?? null);
        trainings.set(id, { task, trainer: null, paused: false, fold: null, messages: [] });
        opened.changed('runs', []);
      },
      onTrainer: (trainer) => {
        const training = trainings.get(run);
        if (training) training.trainer = trainer;
      },
      onMessage: (message, fold) => {
        if (message.type === 'step') {
          const name = parts === null || fold === null ? null : partName(parts, fold);
          onProgress(stepProgress(message, epochs, name));
          if (Date.now() - stepAt < STEP_MS) return;
          stepAt = Date.now();
        }
        publish(message, fold);
      },
      onNotice: (message) => publish({ type: 'notice', message }, trainings.get(run)?.fold ?? null),
    });
  } finally {
    trainings.delete(run);
    opened.changed('scores', []);
    opened.changed('runs', []);
  }
}

function train(
  context: ServerContext,
  opened: OpenedProject,
  title: string,
  epochs: number,
  work: (events: RunEvents) => Promise<Run>,
): Task {
  const holder = { task: '' };
  const started = context.tasks.start(
    {
      kind: 'train',
      title,
      writes: true,
      project: true,
      counts: { epochs, ...opened.project.counts },
    },
    async (signal, onProgress) => {
      const { task } = holder;
      const run = await superviseTraining(context, opened, task, epochs, work, signal, onProgress);
      return { run: run.id };
    },
  );
  holder.task = started.id;
  return started;
}

/** Starts a training of the open project. @throws Refusal (409) while another task writes. */
export async function startTraining(
  context: ServerContext,
  opened: OpenedProject,
  options: TrainOptions,
): Promise<Task> {
  const writer = await opened.writer();
  const { epochs } = options.training;
  return train(context, opened, 'Training', epochs, (events) =>
    trainProject(writer, options, events),
  );
}

/** Resumes the newest run, which did not finish. @throws Refusal (409) while another task writes. */
export async function resumeTraining(
  context: ServerContext,
  opened: OpenedProject,
  epochs: number,
): Promise<Task> {
  const writer = await opened.writer();
  return train(context, opened, 'Training, resumed', epochs, (events) =>
    resumeProject(writer, events),
  );
}

/**
 * Scores labels as a task.
 * @param model path of a QAM that scores all labels, with the segmenter beside it if there is one.
 *   Default: the newest finished run that did not collapse scores the labels without a valid score.
 * @throws UserError when there is neither a model nor a run
 */
export async function startScoring(
  context: ServerContext,
  opened: OpenedProject,
  model: string | undefined,
): Promise<Task> {
  const writer = await opened.writer();
  const run = scoringRun(writer);
  if (model === undefined && run === null) {
    throw new UserError('There is no finished training yet: train first, or choose a network.');
  }
  return context.tasks.start(
    {
      kind: 'score',
      title: 'Scoring',
      writes: true,
      project: true,
      counts: opened.project.counts,
    },
    async (signal, onProgress) => {
      const notices: string[] = [];
      try {
        if (model === undefined) {
          const onNotice = (message: string): unknown => notices.push(message);
          if (run) await scoreRun(writer, run, { signal, onProgress, onNotice });
          return { model: run?.id ?? null, notices };
        }
        const qam = resolve(model);
        const beside = join(dirname(qam), RUN_FILES.segmenter);
        const hash = await modelHash(qam);
        const segmenter = existsSync(beside) ? beside : null;
        const pairs = [{ qam, segmenter, heldOut: [] }];
        const scored = { pairs, model: hash, signal, onProgress };
        const summary = await scoreProject(writer, scored);
        for (const { case: id, reason } of summary.notices) notices.push(`${id}: ${reason}`);
        return { model: hash, notices };
      } finally {
        opened.changed('scores', []);
      }
    },
  );
}
