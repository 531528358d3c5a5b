/**
 * Chooses the model whose scores a ranking uses, and finds the run before that model. A run that collapsed
 * ranks only if a person chose it, or if all other runs with scores collapsed, too.
 */
import { z } from 'zod';
import { RunSummaries } from '../contract/routes/training.ts';
import { UserError } from '../errors.ts';
import type { ProjectReader, Run } from '../store/types.ts';

interface FinishedRun {
  readonly run: Run;
  /** What the run says of a collapse (`collapseIn`). */
  readonly collapse: string | null;
}

/** Finished runs, newest first. */
function finishedRuns(reader: ProjectReader): FinishedRun[] {
  // The sort is stable: runs that started in the same millisecond keep the order of `runs()`.
  return reader
    .runs()
    .filter((run) => run.status === 'done')
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0))
    .reverse()
    .map((run) => ({ run, collapse: collapseIn(run.summary) }));
}

/** The finished runs that have scores, newest first. */
function scoredRuns(reader: ProjectReader): FinishedRun[] {
  const scored = new Set(reader.scoredModelNames());
  return finishedRuns(reader).filter(({ run }) => scored.has(run.id));
}

/** The sentence in a run's summary that says that the run collapsed; null if the run did not collapse. */
function collapseIn(summary: unknown): string | null {
  const collapsed = RunSummaries.parse(summary).find(({ collapse }) => collapse?.collapsed);
  return collapsed?.collapse?.message ?? null;
}

/**
 * The run that scores labels without a valid score: the run that a person chose, else the newest finished run
 * that did not collapse, else the newest finished run; null if there is none.
 */
export function scoringRun(reader: ProjectReader): Run | null {
  return preferred(reader, finishedRuns(reader))?.run ?? null;
}

/** The newest finished run that did not collapse, or null. */
export function lastSoundRun(reader: ProjectReader): Run | null {
  return finishedRuns(reader).find(({ collapse }) => collapse === null)?.run ?? null;
}

/** The chosen run, else the first run that did not collapse, else the first; undefined if there is none. */
const preferred = (reader: ProjectReader, runs: readonly FinishedRun[]): FinishedRun | undefined =>
  chosen(reader, runs) ?? runs.find(({ collapse }) => collapse === null) ?? runs[0];

/**
 * The run that a person chose to rank. The choice ends when a training that does not collapse ends after it:
 * then this is undefined, as it is if nobody chose a run.
 */
function chosen(reader: ProjectReader, runs: readonly FinishedRun[]): FinishedRun | undefined {
  const choice = reader.chosenRun();
  if (choice === null) return undefined;
  const isOver = ({ run, collapse }: FinishedRun): boolean =>
    collapse === null && run.id !== choice.run && run.endedAt !== null && run.endedAt > choice.at;
  return runs.some(isOver) ? undefined : runs.find(({ run }) => run.id === choice.run);
}

/** Whether the project is ranked by this model because a person chose it. */
export function isChosen(reader: ProjectReader, model: string): boolean {
  return chosen(reader, scoredRuns(reader))?.run.id === model;
}

/** What is known of a model that ranks. */
export interface ModelJudgement {
  /** One sentence on the model's collapse; null if the model did not collapse. */
  readonly collapse: string | null;
  /** The structures that the model has not learned, each with the reason, worded as a sentence's end. */
  readonly unlearned: ReadonlyMap<string, string>;
}

const Trained = z.object({ structures: z.array(z.string()) });

/** The project's structures that a run does not know; none if its configuration names no structures. */
function untrained(reader: ProjectReader, config: unknown): string[] {
  const trained = Trained.safeParse(config);
  if (!trained.success) return [];
  const known = new Set(trained.data.structures.map((name) => reader.nameNow(name)));
  return reader.structures.flatMap(({ name }) => (known.has(name) ? [] : [name]));
}

/** For a model that is no run of the project, no collapse and no unlearned structures are known. */
export function modelJudgement(reader: ProjectReader, model: string): ModelJudgement {
  const run = reader.runs().find(({ id }) => id === model);
  const unlearned = new Map<string, string>();
  for (const { learned } of RunSummaries.parse(run?.summary)) {
    for (const { structure, why } of learned)
      if (why !== null) unlearned.set(reader.nameNow(structure) ?? structure, why);
  }
  for (const name of untrained(reader, run?.config))
    unlearned.set(name, 'it came after the training');
  return { collapse: collapseIn(run?.summary), unlearned };
}

/**
 * The newest run with scores, if it collapsed and `model` therefore ranks in its place; null otherwise,
 * and null if `model` is not the model that ranks by default.
 */
export function passedOver(
  reader: ProjectReader,
  model: string,
): { run: string; collapse: string } | null {
  const runs = scoredRuns(reader);
  const newest = runs[0];
  if (newest === undefined || newest.run.id === model || rankingModel(reader) !== model)
    return null;
  return newest.collapse === null ? null : { run: newest.run.id, collapse: newest.collapse };
}

/** The model that scored last, or undefined if no model has scores. */
function newestModel(reader: ProjectReader): string | undefined {
  return reader
    .scoredModels()
    .reduce<{ model: string; at: string } | null>(
      (best, entry) => (best === null || entry.at > best.at ? entry : best),
      null,
    )?.model;
}

/**
 * The model that a ranking uses: `asked`, else of the finished runs with scores the one that a person chose,
 * else the newest that did not collapse, else the newest, else the model that scored last.
 * @throws UserError when the model has no scores; the message names the models that have.
 */
export function rankingModel(reader: ProjectReader, asked?: string): string {
  if (asked !== undefined) {
    const names = reader.scoredModelNames();
    if (names.includes(asked)) return asked;
    throw new UserError(
      names.length > 0
        ? `${reader.folder} has no scores of ${asked}: choose one of ${names.join(', ')}.`
        : `${reader.folder} has no scores of ${asked}: run "overread score" with this model first.`,
    );
  }
  const model = preferred(reader, scoredRuns(reader))?.run.id ?? newestModel(reader);
  if (model === undefined) {
    throw new UserError(
      `${reader.folder} has no scores yet: run "overread train" or "overread score" first.`,
    );
  }
  return model;
}

/**
 * The newest run with scores before `model`; null if there is none or `model` is not a run. A run that
 * collapsed counts only if `model` collapsed, too.
 */
export function previousModel(reader: ProjectReader, model: string): string | null {
  const runs = scoredRuns(reader);
  const at = runs.findIndex(({ run }) => run.id === model);
  if (at < 0) return null;
  const isComparable = ({ collapse }: (typeof runs)[number]): boolean =>
    collapse === null || runs[at].collapse !== null;
  return runs.slice(at + 1).find(isComparable)?.run.id ?? null;
}
