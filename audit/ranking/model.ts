/** Chooses the model whose scores a ranking uses, and finds the run before it. */
import { UserError } from '../errors.ts';
import type { ProjectReader } from '../store/types.ts';

/** Finished runs that have scores, newest first. */
function scoredRuns(reader: ProjectReader): string[] {
  const scored = new Set(reader.scoredModelNames());
  // The sort is stable: runs that started in one millisecond keep their order.
  return reader
    .runs()
    .filter((run) => run.status === 'done' && scored.has(run.id))
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0))
    .map((run) => run.id)
    .reverse();
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
 * The model a ranking uses: `asked`, else the newest finished run with scores, else the model that
 * scored last.
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
  const model = scoredRuns(reader)[0] ?? newestModel(reader);
  if (model === undefined) {
    throw new UserError(
      `${reader.folder} has no scores yet: run "overread train" or "overread score" first.`,
    );
  }
  return model;
}

/** The newest run with scores before `model`; null if there is none or `model` is not a run. */
export function previousModel(reader: ProjectReader, model: string): string | null {
  const runs = scoredRuns(reader);
  const at = runs.indexOf(model);
  return at < 0 ? null : (runs[at + 1] ?? null);
}
