/**
 * Scores a project's labels with exported networks. Cases are streamed, so memory does not grow with
 * their number. Scores are saved on the way, so a scoring that was cut off continues where it ended.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '../contract/terms.ts';
import { labelKey } from '../contract/label-key.ts';
import { counted, plural } from '../contract/words.ts';
import { UserError } from '../errors.ts';
import type { LabelScore, ProjectReader, ProjectWriter } from '../store/types.ts';
import { checkStructures } from './networks.ts';
import { PartWriter } from './parts.ts';
import { Scorer } from './scorer.ts';
import type { CaseTask, PairFiles, ScoreNotice } from './types.ts';

export interface ScoreOptions {
  /** The networks to score with: one pair, or several that judge every label together. */
  readonly pairs: readonly PairFiles[];
  /** The model's name in the project: a run's id, or `modelHash` of a foreign QAM. */
  readonly model: string;
  /** Scores only these cases; all cases when left out. */
  readonly cases?: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Number of worker threads; by default the number of cores, or 8 if there are more cores. */
  readonly threads?: number;
}

/** The result of a scoring. */
export interface ScoreSummary {
  readonly model: string;
  /** Cases and labels scored now. */
  readonly cases: number;
  readonly labels: number;
  /** Cases that had all their scores already. */
  readonly skipped: number;
  readonly notices: readonly ScoreNotice[];
}

/** Pixels of network input in a chunk: 4 cases at 128². A larger chunk is not faster. */
const CHUNK_PIXELS = 4 * 128 * 128;
const MAX_CHUNK = 16;
const MAX_THREADS = 8;
/** Scores are saved when this many wait, in one transaction. */
const SAVE_EVERY = 256;
/** At most this many notices are kept: a dataset that was moved gives one for every case. */
const MAX_NOTICES = 1000;

/** The name of a QAM that is not from a run of the project: the SHA-256 of its file. */
export async function modelHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer);
  } catch (error) {
    const why =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : 'cannot be read';
    throw new UserError(`The model ${path} ${why}: give the path of a qam.onnx file.`);
  }
  return hash.digest('hex');
}

/** Key of a label (`labelKey`) → hash of the mask that its score is about. */
type Done = ReadonlyMap<string, string>;

/** The task for a case; null if all its present labels have a score of their present mask. */
function taskOf(
  reader: ProjectReader,
  id: string,
  structures: readonly (string | null)[],
  done: Done,
): CaseTask | null {
  const summary = reader.case(id);
  if (summary === null) return null;
  const masks = structures.map(
    (name) =>
      (name !== null && summary.labels.find((label) => label.structure === name)?.mask) || null,
  );
  // If one label changed, all labels of the case are scored again: each of their rows holds the case's
  // score.
  const stale = structures.some(
    (name, s) => name !== null && masks[s] !== null && done.get(labelKey(id, name)) !== masks[s],
  );
  if (!stale) return null;
  const { width, height, imageHash } = summary;
  return { id, imageFile: reader.imageFile(id), imageHash, width, height, masks };
}

/** Saves a few scores. */
type Sink = (scores: readonly LabelScore[]) => void;

async function score(
  reader: ProjectReader,
  scorer: Scorer,
  ids: readonly string[],
  done: Done,
  save: Sink,
  options: ScoreOptions,
): Promise<ScoreSummary> {
  const { width, height } = scorer.shape;
  // A structure that was removed since the training counts as absent; its scores are dropped.
  const structures = scorer.shape.structures.map((name) => reader.nameNow(name));
  const chunk = Math.min(MAX_CHUNK, Math.max(1, Math.floor(CHUNK_PIXELS / (width * height))));
  const started = performance.now();
  const counts = { cases: 0, labels: 0, seen: 0, skipped: 0 };
  const notices: ScoreNotice[] = [];
  let more = 0;

  function* chunks(): Generator<CaseTask[]> {
    let tasks: CaseTask[] = [];
    for (const id of ids) {
      const task = taskOf(reader, id, structures, done);
      if (task === null) counts.skipped += 1;
      else tasks.push(task);
      if (tasks.length === chunk) {
        yield tasks;
        tasks = [];
      }
    }
    if (tasks.length > 0) yield tasks;
  }

  const report = (): void => {
    const passed = counts.seen + counts.skipped;
    const perCase = (performance.now() - started) / 1000 / Math.max(1, counts.seen);
    options.onProgress?.({
      task: 'score',
      message: 'Scoring the labels',
      done: passed,
      total: ids.length,
      secondsLeft: counts.seen === 0 ? null : perCase * (ids.length - passed),
    });
  };

  let waiting: LabelScore[] = [];
  const flush = (): void => {
    if (waiting.length > 0) save(waiting);
    waiting = [];
  };
  report();
  try {
    await scorer.score(chunks(), (result) => {
      counts.seen += result.cases;
      const scores = result.scores.flatMap((entry) => {
        const structure = reader.nameNow(entry.structure);
        return structure === null ? [] : [{ ...entry, structure }];
      });
      counts.cases += new Set(scores.map((entry) => entry.case)).size;
      counts.labels += scores.length;
      for (const notice of result.notices) {
        if (notices.length < MAX_NOTICES) notices.push(notice);
        else more += 1;
      }
      waiting.push(...scores);
      if (waiting.length >= SAVE_EVERY) flush();
      report();
    });
  } finally {
    flush();
  }
  if (more > 0)
    notices.push({
      case: '',
      reason: `${counted(more, 'more case')} ${plural(more, 'has a notice', 'have notices')} like these.`,
    });
  const { cases, labels, skipped } = counts;
  return { model: options.model, cases, labels, skipped, notices };
}

/** Opens the networks in a process of their own, runs `work`, and ends the process. */
async function withScorer<Value>(
  project: ProjectReader,
  options: ScoreOptions,
  work: (scorer: Scorer) => Promise<Value>,
): Promise<Value> {
  const { pairs, signal } = options;
  const scorer = await Scorer.open(
    { pairs, labels: join(project.folder, 'labels') },
    {
      threads: options.threads ?? Math.min(MAX_THREADS, availableParallelism()),
      ...(signal && { signal }),
    },
  );
  try {
    checkStructures(pairs[0].qam, scorer.shape, project);
    return await work(scorer);
  } finally {
    await scorer.close();
  }
}

/**
 * The labels whose score is complete. A score with a dice but without a kind of error is from an earlier
 * version of Overread: its label is scored again.
 */
function doneOf(scores: readonly LabelScore[]): Done {
  const whole = scores.filter(({ dice, kind }) => dice === null || kind !== null);
  return new Map(whole.map((entry) => [labelKey(entry.case, entry.structure), entry.mask]));
}

/**
 * Scores all cases with a label that has no score of this model, whose mask changed after its score, or
 * whose score lacks the kind of error, as an earlier version of Overread left it. A case that cannot be read
 * gives a notice.
 * @throws UserError when the model does not fit the project; Interrupted when the scorer crashed;
 * AbortError when cancelled. The scores so far are kept.
 */
export async function scoreProject(
  writer: ProjectWriter,
  options: ScoreOptions,
): Promise<ScoreSummary> {
  return withScorer(writer, options, async (scorer) => {
    const done = doneOf(writer.scores(options.model));
    const save: Sink = (scores) => writer.saveScores(options.model, scores);
    return score(writer, scorer, options.cases ?? writer.caseIds(), done, save, options);
  });
}

/**
 * Scores every `of`-th case, beginning with the `index`-th (from 1), and writes the part file `out`. It
 * takes no lock on the project and does not write to it. After an interruption, the same call continues.
 * @throws as `scoreProject`.
 */
export async function scoreShard(
  reader: ProjectReader,
  options: ScoreOptions & { shard: { index: number; of: number }; out: string },
): Promise<ScoreSummary> {
  const { index, of } = options.shard;
  if (!Number.isInteger(index) || !Number.isInteger(of) || index < 1 || index > of) {
    throw new UserError(
      `There is no part ${index}/${of}: parts are numbered 1/${of} to ${of}/${of}.`,
    );
  }
  const header = { model: options.model, project: reader.name, shard: index, of };
  return withScorer(reader, options, async (scorer) => {
    const { writer, done } = await PartWriter.open(options.out, header);
    const ids = reader.caseIds().filter((_, at) => at % of === index - 1);
    let written = Promise.resolve();
    const save: Sink = (scores) => {
      written = written.then(() => writer.write(scores));
    };
    try {
      const summary = await score(reader, scorer, ids, done, save, options);
      await written;
      await writer.finish();
      return summary;
    } catch (error) {
      await written.catch(() => undefined);
      await writer.leave().catch(() => undefined);
      throw error;
    }
  });
}
