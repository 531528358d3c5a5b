import { afterEach, describe, expect, it } from 'vitest';
import type { CaseDetail } from '../../../audit/contract/api.ts';
import type { Verdict } from '../../../audit/contract/terms.ts';
import { Compare } from '../../../renderer/review/compare.svelte.ts';
import { Review } from '../../../renderer/review/review.svelte.ts';
import type { ReviewStage } from '../../../renderer/review/stage.ts';
import type { LabelWork } from '../../../renderer/drawing/types.ts';
import type { ScreenNotice } from '../../../renderer/shared/notices.svelte.ts';
import { HEIGHT, WIDTH } from '../../audit/server/project.ts';
import { useReviewServer } from './server.ts';

const COUNT = 240;
const server = useReviewServer(COUNT);

const verdictsOf = (id: string): (Verdict | null)[] =>
  server.fixture.context.workspace
    .require()
    .project.case(id)
    ?.labels.map((label) => label.verdict) ?? [];

/** Labels that a test has changed: they get their imported mask back. */
const drawn: [id: string, structure: string][] = [];
afterEach(async () => {
  for (const [id, structure] of drawn.splice(0)) await server.client.restore(id, structure, 1);
});

/**
 * A stage without pixels. It records what it is asked to show, and has strokes if a test calls `draw`.
 */
class BareStage implements ReviewStage {
  readonly opened = this;
  readonly saving = this;
  detail: CaseDetail | null = null;
  labels: LabelWork[] = [];
  asked: string[] = [];
  prefetched: string[] = [];
  folded: string[] = [];
  veiled = false;
  activeLabel: LabelWork | null = null;
  hidden = new Set<string>();
  editor = {
    drawing: { busy: false, draft: null as { kind: string } | null, close: () => undefined },
  };
  open(id: string, { structure, veiled }: { structure: string | null; veiled: boolean }): void {
    this.asked.push(`${id} ${structure}`);
    this.veiled = veiled;
    this.detail = null;
    this.labels = [];
  }
  prefetch(ids: readonly string[]): void {
    this.prefetched = [...ids];
  }
  async fold(reason: string): Promise<void> {
    this.folded.push(reason);
    const id = this.detail?.case.id;
    for (const { structure, strokes } of this.labels) {
      if (strokes === 0 || id === undefined) continue;
      await server.client.addRevision(id, structure.name, new Uint8Array(WIDTH * HEIGHT).fill(1));
      drawn.push([id, structure.name]);
    }
  }
  async draw(id: string, structure: string): Promise<void> {
    this.detail = await server.client.case(id);
    this.labels = ['lung', 'heart'].map((name) => ({
      structure: { name, colour: '#5db2ff' },
      mask: null,
      proposal: null,
      strokes: name === structure ? 1 : 0,
      visible: true,
      fill: 0,
      outline: 1,
    }));
  }
}

function makeReview(blind = false): {
  review: Review;
  stage: BareStage;
  said: Omit<ScreenNotice, 'id'>[];
} {
  const stage = new BareStage();
  const said: Omit<ScreenNotice, 'id'>[] = [];
  const review = new Review(server.client, stage, (notice) => said.push(notice), blind);
  return { review, stage, said };
}

describe('blind checks', () => {
  /** Starts a review and goes to its first blind check, which is at the index `at` of the queue. */
  async function atCheck(): Promise<{ review: Review; stage: BareStage; at: number }> {
    const { review, stage } = makeReview(true);
    await review.start();
    const at =
      Array.from({ length: 60 }, (_, i) => i).find((i) => review.queue.row(i)?.blind) ?? -1;
    expect(at).toBeGreaterThanOrEqual(10);
    await review.go(at);
    return { review, stage, at };
  }

  it('come veiled to the stage, and their verdicts are logged as blind', async () => {
    const { review, stage, at } = await atCheck();
    const { row } = review;
    expect(row).toMatchObject({ blind: true, score: null, rank: null });
    expect(stage.veiled).toBe(true);
    await review.verdict('accepted');
    await review.judge.settled();
    const log = server.fixture.context.workspace.require().project.auditLog();
    expect(log.at(-1)?.detail).toMatchObject({ case: row?.case });
    expect(log.at(-1)?.detail).toHaveProperty('blind');
    // The next row may be a blind check, too.
    expect(stage.veiled).toBe(review.row?.blind);
    await review.queue.follow({ type: 'changed', what: 'verdicts', cases: [row?.case ?? ''] });
    const shown = review.queue.row(at);
    expect(shown).toMatchObject({ case: row?.case, blind: false, verdict: 'accepted' });
    expect(shown?.rank).not.toBeNull();
  });

  it('are blind also when they are found by name', async () => {
    const { review } = await atCheck();
    const check = Array.from({ length: 90 }, (_, i) => review.queue.row(i)).find(
      (each) => each?.blind && each.verdict === null,
    );
    await review.filter({ verdict: 'accepted' });
    await review.jump(check?.case ?? '');
    expect(review.row).toMatchObject({ case: check?.case, blind: true, score: null });
  });

  it('are gone when they are switched off, and verdicts are then not logged as blind', async () => {
    const { review, at } = await atCheck();
    await review.filter({ blind: false });
    expect(review.queue.row(at)?.blind).toBe(false);
    await review.verdict('accepted');
    await review.judge.settled();
    const log = server.fixture.context.workspace.require().project.auditLog();
    expect(log.at(-1)?.detail).not.toHaveProperty('blind');
  });
});

describe('a review', () => {
  it('starts at the first case without a verdict, on its worst structure', async () => {
    const worst = (await server.client.cases({ limit: 1 })).entries[0]?.case ?? '';
    await server.client.judge([{ case: worst, structure: null }], 'accepted');
    const { review, stage } = makeReview();
    await review.start();
    expect(review.queue.cursor).toBe(1);
    expect(stage.asked).toEqual([`${review.row?.case} ${review.row?.worst}`]);
    expect(stage.prefetched).toHaveLength(3);
  });

  it('loses no key that is pressed quickly, and sends verdicts in their order', async () => {
    const { review, stage } = makeReview();
    await review.start();
    const rows = [0, 1, 2, 3].map((index) => review.queue.row(index)?.case ?? '');
    const given: Verdict[] = ['accepted', 'excluded', 'flagged', 'accepted'];
    let open = (): void => undefined;
    server.gate = new Promise((resolve) => (open = resolve));
    for (const verdict of given) void review.verdict(verdict);
    // All verdicts are shown, and the next case is open, before the server has answered.
    expect(review.queue.cursor).toBe(4);
    expect(rows.map((_, index) => review.queue.row(index)?.verdict)).toEqual(given);
    expect(stage.asked.at(-1)).toContain(review.queue.row(4)?.case);
    expect(review.judge.waiting).toBe(4);
    open();
    await review.judge.settled();
    expect(rows.map((id) => verdictsOf(id)[0])).toEqual(given);
    expect(review.judge.waiting).toBe(0);
  });

  it('judges across the edge of a page that is not loaded yet', async () => {
    const { review } = makeReview();
    await review.start();
    await review.go(150);
    await review.go(99);
    const presses = [review.verdict('accepted'), review.verdict('excluded')];
    await Promise.all(presses);
    await review.judge.settled();
    const [a, b] = [await review.queue.rowAt(99), await review.queue.rowAt(100)];
    expect([a?.verdict, b?.verdict]).toEqual(['accepted', 'excluded']);
    expect(review.queue.cursor).toBe(101);
  });

  it('does not let an older answer of the server hide a verdict under way', async () => {
    const { review } = makeReview();
    await review.start();
    const id = review.row?.case ?? '';
    let open = (): void => undefined;
    const judging = new Promise<void>((resolve) => (open = resolve));
    server.gate = judging;
    void review.verdict('accepted');
    server.gate = Promise.resolve();
    await review.queue.follow({ type: 'changed', what: 'labels', cases: [id] });
    expect(review.queue.row(0)?.verdict).toBe('accepted');
    open();
    await review.judge.settled();
  });

  it('says that nothing was changed, and stays on the case', async () => {
    const { review, said } = makeReview();
    await review.start();
    await review.verdict('fixed');
    expect(review.queue.cursor).toBe(0);
    expect(said[0]?.text).toMatch(/Nothing was changed/);
    said[0]?.action?.run();
    await review.judge.settled();
    expect(review.queue.row(0)?.verdict).toBe('accepted');
  });

  it('saves what was drawn as fixed and accepts the rest of the case', async () => {
    const { review, stage } = makeReview();
    await review.start();
    await review.go(1);
    const id = review.row?.case ?? '';
    await stage.draw(id, 'heart');
    await review.verdict('fixed');
    await review.judge.settled();
    expect(stage.folded).toEqual(['fixed']);
    expect(verdictsOf(id)).toEqual(['accepted', 'fixed']);
    await review.undo();
    expect(verdictsOf(id)).toEqual([null, null]);
    expect(review.row?.case).toBe(id);
  });

  it('judges one label in a queue by label, which begins at the label on the stage', async () => {
    const { review } = makeReview();
    await review.start();
    const before = review.row;
    await review.togglePer();
    expect(review.row).toMatchObject({ case: before?.case, structure: before?.worst });
    await review.go(2);
    const row = review.row;
    await review.verdict('excluded', 'not an X-ray');
    await review.judge.settled();
    const label = (await server.client.case(row?.case ?? '')).case.labels.find(
      ({ structure }) => structure === row?.structure,
    );
    expect(label).toMatchObject({ verdict: 'excluded', comment: 'not an X-ray' });
    expect(verdictsOf(row?.case ?? '').filter((verdict) => verdict !== null)).toHaveLength(1);
  });

  it('judges several cases in one step, which one click takes back', async () => {
    const { review, said } = makeReview();
    await review.start();
    for (const index of [1, 2, 5]) review.queue.toggle(index);
    await review.verdict('excluded');
    await review.judge.settled();
    expect(review.queue.cursor).toBe(0);
    expect([1, 2, 5, 3].map((index) => review.queue.row(index)?.verdict)).toEqual([
      'excluded',
      'excluded',
      'excluded',
      null,
    ]);
    expect(said[0]).toMatchObject({ text: 'Excluded 3 cases.', action: { label: 'Undo' } });
    said[0]?.action?.run();
    await review.refresh();
    expect([1, 2, 5].map((index) => review.queue.row(index)?.verdict)).toEqual([null, null, null]);
  });

  it('takes a verdict back where it stands, and goes on to the next open one', async () => {
    const { review } = makeReview();
    await review.start();
    await review.verdict('accepted');
    await review.verdict('accepted');
    await review.move(-1);
    await review.takeBack();
    await review.judge.settled();
    expect(review.row?.verdict).toBeNull();
    expect(review.queue.cursor).toBe(1);
    await review.nextOpen();
    expect(review.queue.cursor).toBe(2);
  });

  it('shows a case that the filter leaves out, and goes back to the list after it', async () => {
    const { review, stage } = makeReview();
    await review.start();
    await review.filter({ search: 'case 23' });
    await review.jump('case 7');
    expect(review.queue.cursor).toBe(-1);
    expect(stage.asked.at(-1)).toMatch(/^case 7 /);
    expect(review.row?.case).toBe('case 7');
    await review.move(1);
    expect(review.queue.cursor).toBe(0);
  });

  it('tells of a verdict that could not be saved, and shows the stored verdict again', async () => {
    const { review, said, stage } = makeReview();
    await review.start();
    stage.fold = () => Promise.reject(new Error('The disk is full.'));
    await review.verdict('accepted');
    await review.judge.settled();
    await new Promise((resolve) => setTimeout(resolve));
    expect(said.find(({ kind }) => kind === 'error')?.text).toMatch(/not saved\. The disk is full/);
    await review.queue.follow({ type: 'reset' });
    expect(review.queue.row(0)?.verdict).toBeNull();
  });
});

describe('a verdict on a case', () => {
  async function atSecond(structure: string | null = null) {
    const made = makeReview();
    await made.review.start();
    await made.review.go(1);
    const id = made.review.row?.case ?? '';
    if (structure !== null) await made.stage.draw(id, structure);
    return { ...made, id };
  }
  const names = ['lung', 'heart'];

  it('that accepts saves as fixed what was drawn', async () => {
    const { review, stage, said, id } = await atSecond('heart');
    await review.verdict('accepted');
    await review.judge.settled();
    expect(stage.folded).toEqual(['fixed']);
    expect(verdictsOf(id)).toEqual(['accepted', 'fixed']);
    expect(said.at(-1)?.text).toBe(`${id}: the heart is saved as fixed, the lung is accepted.`);
    said.at(-1)?.action?.run();
    await expect.poll(() => verdictsOf(id)).toEqual([null, null]);
  });

  it('is no fix if the strokes cancel out', async () => {
    const { review, stage, said, id } = await atSecond('heart');
    stage.labels = stage.labels.map((label) => ({ ...label, cancelled: label.strokes > 0 }));
    await review.verdict('fixed');
    expect(said.at(-1)?.text).toMatch(/^Nothing was changed/);
    await review.verdict('accepted');
    await review.judge.settled();
    expect(verdictsOf(id)).toEqual(['accepted', 'accepted']);
  });

  it('is no fix if the saved label is the imported one again', async () => {
    const { review, stage, said, id } = await atSecond('heart');
    stage.labels = stage.labels.map((label) => ({ ...label, imported: label.strokes > 0 }));
    await review.verdict('fixed');
    await review.judge.settled();
    expect(said.at(-1)?.text).toBe(`${id}: the lung and the heart are accepted.`);
    expect(verdictsOf(id)).toEqual(['accepted', 'accepted']);
  });

  it('judges the active structure alone if asked to, and stays until the others are judged', async () => {
    const { review, stage, said, id } = await atSecond();
    await stage.draw(id, 'none');
    stage.activeLabel = stage.labels[0];
    review.toggleOnly();
    await review.verdict('excluded');
    await review.judge.settled();
    expect(verdictsOf(id)).toEqual(['excluded', null]);
    expect(said.at(-1)?.text).toBe(`${id}: the lung is excluded.`);
    expect(review.row?.case).toBe(id);
    await review.verdict('accepted');
    await review.judge.settled();
    expect(verdictsOf(id)).toEqual(['excluded', 'accepted']);
    expect(review.row?.case).not.toBe(id);
    await review.undo();
    expect(verdictsOf(id)).toEqual(['excluded', null]);
  });

  it('does not accept what is hidden', async () => {
    const { review, stage, said, id } = await atSecond();
    stage.hidden = new Set(names);
    await review.verdict('accepted');
    expect(said.at(-1)?.text).toBe(
      'The lung and the heart are hidden and are not accepted. Show it first.',
    );
    expect(review.row?.case).toBe(id);
    stage.hidden = new Set(['lung']);
    await review.verdict('accepted');
    await review.judge.settled();
    expect(verdictsOf(id)).toEqual([null, 'accepted']);
    expect(said.at(-1)?.text).toBe(
      `${id}: the heart is accepted. The lung is hidden and is not accepted.`,
    );
  });

  it('waits for an unfinished polygon', async () => {
    const { review, stage, said, id } = await atSecond();
    stage.editor.drawing = { ...stage.editor.drawing, busy: true, draft: { kind: 'polygon' } };
    await review.verdict('accepted');
    await review.move(1);
    expect(review.row?.case).toBe(id);
    expect(said.at(-1)?.text).toMatch(/^The polygon is not finished/);
    expect(verdictsOf(id)).toEqual([null, null]);
  });
});

describe('the comparison', () => {
  it('says why there is no case to compare with', async () => {
    const opened: string[] = [];
    const compare = new Compare(server.client, (id) => opened.push(id));
    await compare.beside('case 1');
    expect(compare.found?.because).toMatch(/train again/);
    expect(opened).toEqual([]);
  });
});
