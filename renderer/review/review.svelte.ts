/**
 * A review: the queue, the case on the stage, and the verdicts. Keys may come faster than anything
 * loads: every step waits for the one before it, and none is lost.
 */
import type { Client } from '../../audit/contract/client.ts';
import type { ServerEvent } from '../../audit/contract/events.ts';
import type { Verdict } from '../../audit/contract/terms.ts';
import { sentenceOf } from '../shared/api.ts';
import type { ScreenNotice } from '../shared/notices.svelte.ts';
import { unseenInWords, verdictsInWords } from './coverage.ts';
import { Judge, verdictFailure, subjectOf } from './judge.svelte.ts';
import type { Giving, VerdictStep } from './judge.svelte.ts';
import { ShownQueue } from './queue/queue.svelte.ts';
import { meaningOf, rowKey, withoutFixes } from './queue/rows.ts';
import type { LabelVerdict, Meaning, QueueFilter, Row, View } from './queue/rows.ts';
import { changedOn } from './stage.ts';
import type { ReviewStage } from './stage.ts';

type Say = (notice: Omit<ScreenNotice, 'id'>) => void;

/** The words that begin the message about a verdict on selected rows. */
const DONE: Readonly<Record<Exclude<Verdict, 'fixed'>, string>> = {
  accepted: 'Accepted',
  excluded: 'Excluded',
  flagged: 'Flagged',
};

/** The reason of the revision that a verdict makes of the strokes, as the history shows it. */
const REASON: Readonly<Record<Verdict, string>> = {
  accepted: 'drawn, then accepted',
  fixed: 'fixed',
  excluded: 'drawn, then excluded',
  flagged: 'drawn, then flagged',
};

export class Review {
  readonly queue: ShownQueue;
  readonly judge: Judge;
  /** The row on the stage as it was when it was shown; see `row`. */
  #onStage = $state.raw<Row | null>(null);
  /** Whether a verdict judges only the active structure of the case on the stage. */
  #only = $state(false);
  readonly #stage: ReviewStage;
  readonly #say: Say;
  /** The running step, or null; see `#inTurn`. */
  #busy: Promise<unknown> | null = null;

  /** @param blind whether blind checks are mixed into the queue from the start */
  constructor(
    client: Pick<Client, 'cases' | 'judge' | 'undoVerdict'>,
    stage: ReviewStage,
    say: Say,
    blind = false,
  ) {
    this.queue = new ShownQueue(client, blind);
    this.judge = new Judge(client, this.queue);
    this.#stage = stage;
    this.#say = say;
  }

  /** The row on the stage with its newest verdicts. */
  get row(): Row | null {
    const row = this.#onStage;
    const listed = this.queue.current;
    return row && listed && rowKey(listed) === rowKey(row) ? listed : row;
  }

  /** How the person sees the case on the stage, as far as a verdict depends on it. */
  get view(): Required<View> {
    const { activeLabel, hidden } = this.#stage.opened;
    const only = this.#only && this.row?.structure === null ? activeLabel?.structure.name : null;
    return { only: only ?? null, hidden: hidden ?? new Set() };
  }

  /** Structures of the case on the stage that were changed since their last verdict. */
  get changed(): ReadonlySet<string> {
    const { row } = this;
    return row ? changedOn(this.#stage.opened, row.case) : new Set();
  }

  /** Switches between verdicts on the whole case and on its active structure. It holds for one verdict. */
  toggleOnly(): void {
    this.#only = !this.#only && this.row?.structure === null;
  }

  /**
   * Whether nothing on the stage is half drawn. Else asks the person to finish it: another case would drop it.
   */
  isFinished(): boolean {
    const drawing = this.#stage.editor?.drawing;
    if (!drawing?.busy) return true;
    const polygon = drawing.draft?.kind === 'polygon';
    this.#say({
      kind: 'info',
      text: polygon
        ? 'The polygon is not finished: press Enter to finish it, or Escape to drop it.'
        : 'The drawing is not finished: let go of the mouse, or press Escape to drop it.',
      ...(polygon && { action: { label: 'Finish it', run: () => void drawing.close() } }),
    });
    return false;
  }

  /** Opens the queue at `caseId`, or else at the first row without a verdict. */
  start(caseId: string | null = null): Promise<void> {
    const aim = caseId === null ? 'open' : { case: caseId, structure: null };
    return this.#inTurn(async () => {
      await this.queue.refresh(aim);
      if (this.queue.cursor < 0 && caseId !== null) this.#show(await this.queue.rowOf(caseId));
      else await this.#settle();
    });
  }

  /**
   * Changes the filter or order. The stage keeps its row if the new list has it; else it shows the first row.
   */
  filter(change: Partial<QueueFilter>): Promise<void> {
    return this.#inTurn(async () => {
      if (change.search === undefined && !this.isFinished()) return;
      await this.judge.settled();
      await this.queue.apply(change, this.row);
      // While the person types into the search, the stage keeps its case even if the list does not have it.
      if (change.search === undefined) await this.#settle();
    });
  }

  refresh(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.isFinished()) return;
      await this.judge.settled();
      await this.queue.refresh(this.row);
      await this.#settle();
    });
  }

  /** Switches between rows of cases and rows of labels. */
  togglePer(): Promise<void> {
    const row = this.row;
    const per = this.queue.filter.per === 'case' ? 'label' : 'case';
    return this.#inTurn(async () => {
      if (!this.isFinished()) return;
      await this.judge.settled();
      const structure = per === 'label' ? (row?.structure ?? row?.worst ?? null) : null;
      await this.queue.apply({ per }, row && { case: row.case, structure });
      await this.#settle();
    });
  }

  go(index: number): Promise<void> {
    return this.#inTurn(() => (this.isFinished() ? this.#go(index) : undefined));
  }

  move(by: number): Promise<void> {
    return this.#inTurn(() => (this.isFinished() ? this.#go(this.queue.cursor + by) : undefined));
  }

  /** Goes to the next row without a verdict. */
  nextOpen(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.isFinished()) return;
      await this.judge.settled();
      const { queue } = this;
      const index = (await queue.openAfter(queue.cursor)) ?? (await queue.openAfter(-1));
      if (index !== null) return this.#go(index);
      this.#say({ kind: 'done', text: 'Every row of this list has a verdict.' });
    });
  }

  /** Opens a case by its name, even if the list does not hold it. */
  jump(caseId: string): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.isFinished()) return;
      const index = await this.queue.find({ case: caseId, structure: null });
      if (index !== null) return this.#go(index);
      this.queue.cursor = -1;
      this.#show(await this.queue.rowOf(caseId));
    });
  }

  /** Judges the selected rows. Without a selection, judges the row on the stage and goes to the next. */
  verdict(verdict: Verdict, comment?: string): Promise<void> {
    return this.#inTurn(() => {
      if (this.queue.selected.size > 0) return this.#judgeSelected(verdict, comment);
      const row = this.row;
      if (!row || !this.isFinished()) return;
      const { changed, view } = this;
      const meaning = meaningOf(row, verdict, changed, view);
      if (!this.#canJudge(row, verdict, meaning)) return;
      const saved = meaning.verdicts.some((given) => given.verdict === 'fixed');
      const after = this.#stage.saving.fold(REASON[saved ? 'fixed' : verdict]);
      const { labels } = this.#stage.opened;
      const imported = (): ReadonlySet<string> =>
        new Set(
          labels.filter((label) => label.imported === true).map(({ structure }) => structure.name),
        );
      const giving = { changed, view, after, imported, ...(comment !== undefined && { comment }) };
      const step = this.#send([row], verdict, giving);
      const unseen = unseenInWords(meaning.unseen);
      const tell = (given: readonly LabelVerdict[]): void =>
        this.#confirm(`${verdictsInWords(row.case, given)} ${unseen}`.trim(), step);
      if (meaning.verdicts.length > 0) tell(meaning.verdicts);
      // Only the server knows whether a saved label is the imported one again, which then is no fix.
      const correct = (): void => {
        const now = withoutFixes(meaning.verdicts, imported());
        if (now.some((given, i) => given !== meaning.verdicts[i])) tell(now);
      };
      if (saved) void after.then(correct, () => undefined);
      return this.#goOn(row, view, meaning);
    });
  }

  /** Whether the verdict judges a label; else says why not. */
  #canJudge(row: Row, verdict: Verdict, { verdicts, unseen }: Meaning): boolean {
    const about = subjectOf([row], this.view.only);
    const isDrawn = verdicts.some(({ structure }) => this.changed.has(structure));
    if (verdict === 'fixed' && !isDrawn) {
      this.#say({
        kind: 'info',
        text: `Nothing was changed on ${about}: draw first, or accept it as it is.`,
        action: { label: 'Accept', run: () => void this.verdict('accepted') },
      });
      return false;
    }
    if (verdicts.length > 0) return true;
    if (unseen.length > 0) {
      this.#say({ kind: 'info', text: `${unseenInWords(unseen)} Show it first.` });
      return false;
    }
    if (this.view.only === null) return true;
    this.#say({ kind: 'info', text: `Nobody drew the ${about}: there is nothing to judge.` });
    return false;
  }

  /** After a verdict on one structure, stays on the case while others have no verdict; else goes to the next row. */
  #goOn(row: Row, view: Required<View>, { verdicts }: Meaning): void | Promise<void> {
    const judged = new Set(verdicts.map(({ structure }) => structure));
    const isOpen = row.labels.some(
      ({ state, verdict, structure }) =>
        state !== 'absent' && verdict === null && !judged.has(structure),
    );
    this.#only = false;
    if (view.only !== null && isOpen) return;
    const { cursor, total } = this.queue;
    if (cursor + 1 < total) return this.#go(cursor + 1);
    this.#say({ kind: 'done', text: 'That was the last row of this list.' });
  }

  /** Clears the verdicts of the selected rows; without a selection those of the row on the stage. */
  takeBack(): Promise<void> {
    return this.#inTurn(() => {
      if (this.queue.selected.size > 0) return this.#judgeSelected(null);
      const { row, view } = this;
      if (row && meaningOf(row, null, new Set(), view).verdicts.length > 0)
        this.#send([row], null, { view });
    });
  }

  /** Undoes the newest verdict, or `step`, and goes to its row. */
  undo(step?: VerdictStep): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.isFinished()) return;
      try {
        const undone = await this.judge.undo(step);
        if (undone) this.#confirm(`The verdict on ${subjectOf(undone.rows)} is undone.`);
        const row = undone?.rows.length === 1 ? undone.rows[0] : undefined;
        if (!row) return;
        const index = await this.queue.find(row);
        if (index !== null) await this.#go(index);
      } catch (error) {
        this.#say({ kind: 'info', text: sentenceOf(error) });
      }
    });
  }

  /** Loads the case on the stage again. */
  again(): void {
    this.#show(this.row);
  }

  follow(event: ServerEvent): void {
    void this.queue.follow(event);
  }

  #judgeSelected(verdict: Verdict | null, comment?: string): void {
    const rows = [...this.queue.selected.values()];
    if (verdict === 'fixed') {
      this.#say({
        kind: 'info',
        text: 'Save as fixed works on one row at a time: clear the selection first.',
      });
      return;
    }
    const shown = this.#stage.opened.detail?.case.id;
    const drawn = rows.find(
      (row) => row.case === shown && changedOn(this.#stage.opened, row.case).size > 0,
    );
    if (verdict === 'accepted' && drawn) {
      this.#say({
        kind: 'info',
        text: `${drawn.case} was changed: clear the selection and save it as fixed first.`,
      });
      return;
    }
    this.queue.selected.clear();
    const after = this.#stage.saving.fold('drawn');
    const step = this.#send(rows, verdict, { after, ...(comment !== undefined && { comment }) });
    const text =
      verdict === null
        ? `Verdicts on ${subjectOf(rows)} cleared.`
        : `${DONE[verdict]} ${subjectOf(rows)}.`;
    this.#confirm(text, step);
  }

  /** Says what was judged or undone, in place of the message about the verdict before. */
  #confirm(text: string, step?: VerdictStep): void {
    const action = step && { label: 'Undo', run: () => void this.undo(step) };
    this.#say({ kind: 'done', topic: 'verdict', text, ...(action && { action }) });
  }

  #send(rows: readonly Row[], verdict: Verdict | null, giving: Giving): VerdictStep {
    this.judge.give(rows, verdict, giving).catch((error: unknown) => {
      this.#say({ kind: 'error', text: verdictFailure(rows, error) });
    });
    return { rows, verdict };
  }

  /** Call it after a new list was loaded: if the stage's row is not in it, shows the list's first row. */
  #settle(): void | Promise<void> {
    const { queue } = this;
    if (queue.cursor >= 0) {
      const row = queue.current;
      if (row && (!this.#onStage || rowKey(row) !== rowKey(this.#onStage))) this.#show(row);
      return;
    }
    if (queue.total > 0) return this.#go(0);
  }

  #go(index: number): void | Promise<void> {
    const { queue } = this;
    if (queue.total === 0) return;
    queue.go(index);
    const row = queue.current;
    if (row) return this.#show(row);
    return queue.rowAt(queue.cursor).then((loaded) => this.#show(loaded));
  }

  #show(row: Row | null): void {
    if (!row) return;
    const { queue } = this;
    if (!this.#onStage || rowKey(row) !== rowKey(this.#onStage)) this.#only = false;
    this.#onStage = row;
    const { opened } = this.#stage;
    // On a case's row the active structure stays; the key of the suspected place follows the suspicion.
    const first = opened.activeLabel ? null : row.worst;
    void opened.open(row.case, { structure: row.structure ?? first, veiled: row.blind });
    const around = [1, 2, -1].map((by) => queue.row(queue.cursor + by)?.case);
    const ids = around.filter((id) => id !== undefined && id !== row.case);
    void opened.prefetch([...new Set(ids as string[])]);
    // Loads the next page before the cursor reaches it.
    void queue.need(queue.cursor - 3, queue.cursor + 6);
  }

  /**
   * Runs `work` after all earlier steps. If no step is running, `work` begins in the same tick, so that a
   * key shows its effect before the next key is pressed; a queue of promises would begin a tick later.
   */
  #inTurn(work: () => void | Promise<void>): Promise<void> {
    const tell = (error: unknown): void => this.#say({ kind: 'error', text: sentenceOf(error) });
    const run = (): void | Promise<void> => {
      try {
        return work();
      } catch (error) {
        tell(error);
      }
    };
    const pending = this.#busy ? this.#busy.then(run) : run();
    if (!pending) return Promise.resolve();
    const turn: Promise<void> = pending.catch(tell).finally(() => {
      if (this.#busy === turn) this.#busy = null;
    });
    this.#busy = turn;
    return turn;
  }
}
