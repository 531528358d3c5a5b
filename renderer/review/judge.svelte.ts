/** Verdicts: shown at once, sent in order one after the other, and undone step by step. */
import pLimit from 'p-limit';
import type { VerdictRequest } from '../../audit/contract/api.ts';
import type { Client } from '../../audit/contract/client.ts';
import type { Verdict } from '../../audit/contract/terms.ts';
import { counted } from '../../audit/contract/words.ts';
import { sentenceOf } from '../shared/api.ts';
import type { ShownQueue } from './queue/queue.svelte.ts';
import { blindPer, meaningOf, withoutFixes } from './queue/rows.ts';
import type { LabelVerdict, Row, View } from './queue/rows.ts';

/** One step of a person: a verdict on one row, or on several. */
export interface VerdictStep {
  readonly rows: readonly Row[];
  readonly verdict: Verdict | null;
}

interface Done extends VerdictStep {
  /** The server's id of this step. */
  readonly undo: string;
}

export interface Giving {
  readonly comment?: string;
  /** Structures that were drawn on since the last verdict. */
  readonly changed?: ReadonlySet<string>;
  readonly view?: View;
  /** The saving of the strokes. The verdict is sent after it has resolved. */
  readonly after?: Promise<unknown>;
  /** Called after the saving: the structures whose label is the imported one again. */
  readonly imported?: () => ReadonlySet<string>;
}

const KEPT = 200;

/**
 * The parts of the request that gives a verdict on rows; those that save as fixed come first.
 * @param imported structures whose label is the imported one again: they are accepted, not saved as fixed
 */
export function requestsOf(
  rows: readonly Row[],
  verdict: Verdict | null,
  changed: ReadonlySet<string> = new Set(),
  view: View = {},
  imported: ReadonlySet<string> = new Set(),
): VerdictRequest[] {
  const requests: VerdictRequest[] = [];
  const add = (item: VerdictRequest['items'][number], given: Verdict | null, force = false) => {
    const same = requests.find((each) => each.verdict === given && (each.force ?? false) === force);
    if (same) same.items.push(item);
    else requests.push({ items: [item], verdict: given, ...(force && { force }) });
  };
  for (const row of rows) {
    const { verdicts, again, whole } = meaningOf(row, verdict, changed, view);
    const corrected = withoutFixes(verdicts, imported);
    verdicts.forEach(({ case: id, structure, verdict: meant }, i) => {
      if (meant === 'fixed' || !whole) add({ case: id, structure }, corrected[i].verdict);
    });
    // The server finds the labels of a whole case: somebody else may have judged some of them meanwhile.
    if (whole) {
      const rest = verdict === 'fixed' ? 'accepted' : verdict;
      add({ case: row.case, structure: null }, rest, again);
    }
  }
  return requests.sort((a, b) => Number(b.verdict === 'fixed') - Number(a.verdict === 'fixed'));
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
    const { comment, changed, view, after, imported } = giving;
    const meant = rows.flatMap((row) => meaningOf(row, verdict, changed, view).verdicts);
    const blind = blindPer(this.#queue.filter);
    return this.#inTurn(meant, async () => {
      await after;
      const [first, ...also] = requestsOf(rows, verdict, changed, view, imported?.());
      if (first === undefined) return;
      const options = {
        ...(comment !== undefined && { comment }),
        ...(first.force && { force: true }),
        ...(blind && { blind }),
        ...(also.length > 0 && { also }),
      };
      const { undo } = await this.#client.judge(first.items, first.verdict, options);
      if (undo !== null) this.steps = [...this.steps, { rows, verdict, undo }].slice(-KEPT);
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
      this.#queue.note((await this.#client.undoVerdict(done?.undo)).changed);
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

/**
 * What a step was about: `JPCLN001`, `heart of JPCLN001`, `12 cases`.
 * @param only the only structure that is judged in a case's row; null means the whole row
 */
export function subjectOf(rows: readonly Row[], only: string | null = null): string {
  const first = rows[0];
  if (!first) return 'nothing';
  if (rows.length === 1) {
    const structure = first.structure ?? only;
    return structure === null ? first.case : `${structure} of ${first.case}`;
  }
  return counted(rows.length, first.structure === null ? 'case' : 'label');
}

/** The sentence for a verdict that could not be given. */
export function verdictFailure(rows: readonly Row[], error: unknown): string {
  return `The verdict on ${subjectOf(rows)} was not saved. ${sentenceOf(error)}`;
}
