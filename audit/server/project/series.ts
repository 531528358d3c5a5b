/**
 * The scores and weights of single cases over a training's epochs, read from the trainer's `scores.jsonl`.
 * Each read goes on where the one before it stopped, so only the lines of new epochs are read.
 */
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { RunSeries } from '../../contract/api.ts';
import { readSampleSetHead } from '../../../models/sampleset.ts';
import { EpochScores } from '../../../trainer/messages.ts';
import { RUN_FILES } from '../../../models/run-files.ts';

/**
 * The values of all cases in one epoch, in the order of the sample set; NaN for a case without a value.
 */
interface EpochValues {
  readonly epoch: number;
  /** Null before the QAM joined the training. */
  readonly scores: Float32Array | null;
  readonly weights: Float32Array;
}

const packed = (values: readonly (number | null)[]): Float32Array =>
  Float32Array.from(values, (value) => value ?? NaN);

/** The scores and losses of all epochs, added one line of `scores.jsonl` at a time. */
export class ScoreHistory {
  readonly #epochs = new Map<number, EpochValues>();
  /** Scores by the averaged networks, which give the ranking; null until the training ended. */
  #final: Float32Array | null = null;

  /** Adds a line of `scores.jsonl`. Skips an invalid line; a repeated epoch replaces the earlier one. */
  add(line: string): void {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return;
    }
    const parsed = EpochScores.safeParse(value);
    if (!parsed.success) return;
    const { epoch, averaged, scores, weights } = parsed.data;
    const values = scores && packed(scores);
    if (averaged) this.#final = values;
    else this.#epochs.set(epoch, { epoch, scores: values, weights: packed(weights) });
  }

  /**
   * The series of the `count` cases with the lowest scores, and of as many with the highest. No case is in
   * both lists: if there are too few cases, each list has half of them.
   * @param ids the ids of the sample set's cases, in its order
   */
  series(ids: readonly string[], count: number): RunSeries {
    const epochs = [...this.#epochs.values()].sort((a, b) => a.epoch - b.epoch);
    const newest = epochs.findLast(({ scores }) => scores?.some((score) => !Number.isNaN(score)));
    const trust = this.#final ?? newest?.scores ?? new Float32Array();
    const order = [...trust.keys()]
      .filter((index) => index < ids.length && !Number.isNaN(trust[index]))
      .sort((a, b) => trust[a] - trust[b] || a - b);
    const half = Math.min(count, Math.floor(order.length / 2));
    const orNull = (value: number | undefined): number | null =>
      value === undefined || Number.isNaN(value) ? null : value;
    const seriesOf = (index: number): RunSeries['lowest'][number] => ({
      case: ids[index],
      weights: epochs.map(({ weights }) => orNull(weights[index])),
      scores: epochs.map(({ scores }) => orNull(scores?.[index])),
    });
    return {
      epochs: epochs.map(({ epoch }) => epoch),
      total: order.length,
      lowest: order.slice(0, half).map(seriesOf),
      highest: order
        .slice(order.length - half)
        .reverse()
        .map(seriesOf),
    };
  }
}

/** The part of one `scores.jsonl` that was read. */
interface ReadPart {
  readonly folder: string;
  readonly ids: readonly string[];
  readonly history: ScoreHistory;
  /** Number of bytes that were read; they end at the end of a line. */
  read: number;
}

/**
 * Reads the series of a run, or of one fold of it. Keeps what it read of the run or fold that was asked for
 * last.
 */
export class SeriesReader {
  #kept: ReadPart | null = null;
  /** Runs the calls of `read` one after the other: two at once would both add the same lines. */
  readonly #inTurn = pLimit(1);

  /**
   * @param folder the folder of the run or fold
   * @param count number of cases in each of the two lists
   * @returns the series, which is empty if no epoch has ended yet
   */
  read(folder: string, count: number): Promise<RunSeries> {
    return this.#inTurn(async () => {
      const kept = await this.#open(folder);
      await readOn(kept);
      return kept.history.series(kept.ids, count);
    });
  }

  async #open(folder: string): Promise<ReadPart> {
    const file = await stat(join(folder, RUN_FILES.scores)).catch(() => null);
    // A resumed training may shorten the file, which is then read from its start.
    const isValid = this.#kept?.folder === folder && this.#kept.read <= (file?.size ?? 0);
    if (isValid && this.#kept && this.#kept.ids.length > 0) return this.#kept;
    const set = await readSampleSetHead(join(folder, RUN_FILES.samples)).catch(() => null);
    const ids = set?.manifest.cases.map(({ id }) => id) ?? [];
    this.#kept = { folder, ids, history: new ScoreHistory(), read: 0 };
    return this.#kept;
  }
}

/** Adds the complete lines that were written since the last call. */
async function readOn(kept: ReadPart): Promise<void> {
  const file = await open(join(kept.folder, RUN_FILES.scores), 'r').catch(() => null);
  if (!file) return;
  let rest = Buffer.alloc(0);
  let start = kept.read;
  try {
    for (const chunk = Buffer.alloc(1 << 20); ;) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length, start);
      if (bytesRead === 0) return;
      start += bytesRead;
      rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        kept.history.add(rest.toString('utf8', 0, end));
        kept.read += end + 1;
        rest = rest.subarray(end + 1);
        // A line of 100,000 cases takes a while: serve other requests in between.
        await setImmediate();
      }
    }
  } finally {
    await file.close();
  }
}
