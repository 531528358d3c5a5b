/** Verdicts: shown at once, sent in order one after the other, and undone step by step. */
import pLimit from 'p-limit';
import type { VerdictRequest } from '../../audit/contract/api.ts';
import type { Client } from '../../audit/contract/client.ts';
import type { Verdict } from '../../audit/contract/terms.ts';
import { counted } from '../../audit/contract/words.ts';
import { sentenceOf } from '../shared/api.ts';
import type { ShownQueue } from './queue/queue.svelte.ts';
import { blindPer, meaningOf } from './queue/rows.ts';
import type { LabelVerdict, Row } from './queue/rows.ts';

/** One step of a person: a verdict on one row, or on several. */
export interface VerdictStep {
  readonly rows: readonly Row[];
  readonly verdict: Verdict | null;
}

interface Done extends VerdictStep {
  /** The server's id of each request of this step, in the order of sending. An undo names each of them. */
  readonly undo: readonly string[];
}

interface Giving {
  readonly comment?: string;
  /** Structures that were drawn on since the last verdict. */
  readonly changed?: ReadonlySet<string>;
  /** The saving of the strokes. The verdict is sent after it has resolved. */
  readonly after?: Promise<unknown>;
}

const KEPT = 200;

/** The requests to the server that give a verdict on rows. */
export function requestsOf(
  rows: readonly Row[],
  verdict: Verdict | null,
  changed: ReadonlySet<string> = new Set(),
): VerdictRequest[] {
  const items = (wanted: readonly Row[]) =>
    wanted.map(({ case: id, structure }) => ({ case: id, structure }));
  if (verdict === 'fixed' && rows.every(({ structure }) => structure === null)) {
    // Judges the changed labels as fixed first, then the rest of the case as accepted.
    const fixed = rows.flatMap((row) => meaningOf(row, 'fixed', changed).verdicts);
    const named = fixed
      .filter((given) => given.verdict === 'fixed')
      .map(({ case: id, structure }) => ({ case: id, structure }));
    return [
      ...(named.length > 0 ? [{ items: named, verdict }] : []),
      { items: items(rows), verdict: 'accepted' },
    ];
  }
  const again = rows.filter((row) => meaningOf(row, verdict).again);
  const first = rows.filter((row) => !again.includes(row));
  return [
    ...(first.length > 0 ? [{ items: items(first), verdict }] : []),
    ...(again.length > 0 ? [{ items: items(again), verdict, force: true }] : []),
  ];
}

export class Judge {
  /** Number of verdicts and undos that the server has not answered yet. */
  waiting = $state(0);
  /** Steps that can be undone. */
  steps = $state.raw<readonly Done[]>([]);
  readonly #client: Pick<Client, 'judge' | 'undoVerdict'>;
  readonly #queue: ShownQueue;
  readonly #sending = pLimit(1);

  constructor(client: Pick<Client, 'judge' | 'undoVerdict'>, queue: ShownQueue) {
    this.#client = client;
    this.#queue = queue;
  }

  /**
   * Shows the verdict on the rows at once and sends it. Resolves when the server has it.
   * @throws an error of the server or of saving the strokes; the rows then show their former verdict again
   */
  give(rows: readonly Row[], verdict: Verdict | null, giving: Giving = {}): Promise<void> {
    const { comment, changed, after } = giving;
    const meant = rows.flatMap((row) => meaningOf(row, verdict, changed).verdicts);
    const requests = requestsOf(rows, verdict, changed);
    const blind = blindPer(this.#queue.filter);
    return this.#inTurn(meant, async () => {
      await after;
      const undo: string[] = [];
      for (const { items, verdict: each, force } of requests) {
        const options = {
          ...(comment !== undefined && { comment }),
          ...(force && { force }),
          ...(blind && { blind }),
        };
        const result = await this.#client.judge(items, each, options);
        if (result.undo !== null) undo.push(result.undo);
      }
      if (undo.length > 0) this.steps = [...this.steps, { rows, verdict, undo }].slice(-KEPT);
    });
  }

  /**
   * Undoes `step`; does nothing if that was undone before. Without `step`, undoes the newest step of this
   * window, or the server's newest step if this window has none.
   * @returns the undone step; null if this window has no such step
   */
  async undo(step?: VerdictStep): Promise<VerdictStep | null> {
    // Waits for verdicts that are still being sent: one of them may be the newest step.
    let taken: Done | null = null;
    await this.#inTurn([], async () => {
      taken =
        (step
          ? this.steps.find(({ rows, verdict }) => rows === step.rows && verdict === step.verdict)
          : this.steps.at(-1)) ?? null;
      const done = taken;
      if (step && !done) return;
      this.steps = this.steps.filter((other) => other !== done);
      const changed: LabelVerdict[] = [];
      for (const undo of done ? [...done.undo].reverse() : [undefined]) {
        changed.push(...(await this.#client.undoVerdict(undo)).changed);
      }
      this.#queue.note(changed);
    });
    return taken;
  }

  /** Resolves when the server has answered all verdicts and undos so far. */
  async settled(): Promise<void> {
    await this.#sending(() => undefined);
  }

  async #inTurn(meant: readonly LabelVerdict[], work: () => Promise<void>): Promise<void> {
    const { underWay } = this.#queue;
    underWay.push(...meant);
    this.#queue.note(meant);
    this.waiting += 1;
    try {
      await this.#sending(work);
      this.#drop(meant);
    } catch (error) {
      this.#drop(meant);
      const cases = [...new Set(meant.map((given) => given.case))];
      void this.#queue.follow({ type: 'changed', what: 'verdicts', cases });
      throw error;
    } finally {
      this.waiting -= 1;
    }
  }

  #drop(meant: readonly LabelVerdict[]): void {
    const { underWay } = this.#queue;
    for (const given of meant) {
      const at = underWay.indexOf(given);
      if (at >= 0) underWay.splice(at, 1);
    }
  }
}

/** What a step was about: `JPCLN001`, `heart of JPCLN001`, `12 cases`. */
export function subjectOf(rows: readonly Row[]): string {
  const first = rows[0];
  if (!first) return 'nothing';
  if (rows.length === 1) {
    return first.structure === null ? first.case : `${first.structure} of ${first.case}`;
  }
  return counted(rows.length, first.structure === null ? 'case' : 'label');
}

/** The sentence for a verdict that could not be given. */
export function verdictFailure(rows: readonly Row[], error: unknown): string {
  return `The verdict on ${subjectOf(rows)} was not saved. ${sentenceOf(error)}`;
}
