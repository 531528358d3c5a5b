/**
 * How the trust in single cases went over a training's epochs, from the lines the trainer leaves.
 * A file that grew is read on from where it was: an epoch costs its own line only.
 */
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { RunSeries } from '../../contract/api.ts';
import { readSampleSetHead } from '../../../models/sampleset.ts';
import { EpochScores } from '../../../trainer/messages.ts';
import { RUN_FILES } from '../../training/once.ts';

/** The folder of one fold, or of the run itself. */
export function foldFolder(folder: string, fold: number | undefined): string {
  return fold === undefined ? folder : join(folder, `fold-${fold}`);
}

/** What one epoch said of every case; NaN where it had no say. */
interface Said {
  readonly epoch: number;
  readonly scores: Float32Array | null;
  readonly weights: Float32Array;
}

const packed = (values: readonly (number | null)[]): Float32Array =>
  Float32Array.from(values, (value) => value ?? NaN);

/** The lines of `scores.jsonl` that are whole, taken in one after the other. */
export class SaidByEpoch {
  readonly #epochs = new Map<number, Said>();
  /** By the averaged networks, which rank; null until the training ended. */
  #final: Float32Array | null = null;

  /** A line that is none is left out; an epoch that was repeated counts as it went last. */
  take(line: string): void {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return;
    }
    const parsed = EpochScores.safeParse(value);
    if (!parsed.success) return;
    const { epoch, averaged, scores, weights } = parsed.data;
    const said = scores && packed(scores);
    if (averaged) this.#final = said;
    else this.#epochs.set(epoch, { epoch, scores: said, weights: packed(weights) });
  }

  /** The least and the most trusted `count` cases over time; never one in both. */
  series(ids: readonly string[], count: number): RunSeries {
    const epochs = [...this.#epochs.values()].sort((a, b) => a.epoch - b.epoch);
    const newest = epochs.findLast(({ scores }) => scores?.some((score) => !Number.isNaN(score)));
    const trust = this.#final ?? newest?.scores ?? new Float32Array();
    const order = [...trust.keys()]
      .filter((index) => index < ids.length && !Number.isNaN(trust[index]))
      .sort((a, b) => trust[a] - trust[b] || a - b);
    const half = Math.min(count, Math.floor(order.length / 2));
    const known = (value: number | undefined): number | null =>
      value === undefined || Number.isNaN(value) ? null : value;
    const one = (index: number): RunSeries['lowest'][number] => ({
      case: ids[index],
      weights: epochs.map(({ weights }) => known(weights[index])),
      scores: epochs.map(({ scores }) => known(scores?.[index])),
    });
    return {
      epochs: epochs.map(({ epoch }) => epoch),
      total: order.length,
      lowest: order.slice(0, half).map(one),
      highest: order
        .slice(order.length - half)
        .reverse()
        .map(one),
    };
  }
}

interface Kept {
  readonly folder: string;
  readonly ids: readonly string[];
  readonly said: SaidByEpoch;
  /** Bytes of whole lines that were taken in. */
  read: number;
}

/** Reads series, and keeps the run (or fold) that was asked for last. */
export class SeriesReader {
  #kept: Kept | null = null;
  /** Readers follow one another: two would take in the same lines. */
  #last: Promise<unknown> = Promise.resolve();

  /** Empty where nothing was trained yet. */
  read(folder: string, count: number): Promise<RunSeries> {
    const turn = this.#last.then(async () => {
      const kept = await this.#open(folder);
      await takeIn(kept);
      return kept.said.series(kept.ids, count);
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #open(folder: string): Promise<Kept> {
    const found = await stat(join(folder, RUN_FILES.scores)).catch(() => null);
    // A resumed training takes back lines: begin again.
    const known = this.#kept?.folder === folder && this.#kept.read <= (found?.size ?? 0);
    if (known && this.#kept && this.#kept.ids.length > 0) return this.#kept;
    const set = await readSampleSetHead(join(folder, RUN_FILES.samples)).catch(() => null);
    const ids = set?.manifest.cases.map(({ id }) => id) ?? [];
    this.#kept = { folder, ids, said: new SaidByEpoch(), read: 0 };
    return this.#kept;
  }
}

async function takeIn(kept: Kept): Promise<void> {
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
        kept.said.take(rest.toString('utf8', 0, end));
        kept.read += end + 1;
        rest = rest.subarray(end + 1);
        // A line of 100,000 cases takes a while: let others have their turn.
        await setImmediate();
      }
    }
  } finally {
    await file.close();
  }
}
