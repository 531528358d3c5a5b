import { describe, expect, it } from 'vitest';
import { judgeLearned } from '../../trainer/learned.ts';
import type { CaseView } from '../../trainer/views.ts';

/** Cases of one structure: for each value of `dice` one with a drawn label, then `empty` empty labels. */
function cases(dice: readonly number[], empty = 0): CaseView[] {
  const view = (index: number, area: number, own: number): CaseView => ({
    index,
    score: 0,
    labels: [{ structure: 0, dice: own, area, proposalArea: area }],
  });
  return [
    ...dice.map((own, index) => view(index, 0.1, own)),
    // The segmenter draws nothing where the label is empty, so the dice is 1.
    ...Array.from({ length: empty }, (_, index) => view(dice.length + index, 0, 1)),
  ];
}

const many = (count: number, dice: number): number[] => new Array<number>(count).fill(dice);
const judge = (views: readonly CaseView[], heldOut: readonly number[] = []) =>
  judgeLearned(views, new Set(heldOut), ['mass'])[0];

describe('a structure', () => {
  it('is learned if the segmenter finds it in images that were held out', () => {
    const report = judge(cases([...many(40, 0.9), 0.5, 0.4, 0.6], 60), [40, 41, 42, 50]);
    expect(report).toEqual({
      structure: 'mass',
      learned: true,
      drawn: 43,
      dice: 0.5,
      heldOut: true,
      why: null,
    });
  });

  it('is not learned if it is found in the training images alone', () => {
    const report = judge(cases([...many(40, 0.9), 0.05, 0, 0.04], 60), [40, 41, 42, 50]);
    expect(report).toMatchObject({ learned: false, heldOut: true, dice: 0.03 });
    expect(report.why).toMatch(/does not find the mass in images .* not trained on \(dice 0\.03\)/);
  });

  it('is not learned by a segmenter that draws nothing, however many labels are empty', () => {
    const report = judge(cases(many(20, 0), 400), [0, 1, 2, 100, 101, 102]);
    expect(report).toMatchObject({ learned: false, dice: 0, drawn: 20 });
  });

  it('is judged by the training labels where too few drawn labels are held out', () => {
    expect(judge(cases(many(30, 0.75)))).toMatchObject({
      learned: true,
      heldOut: false,
      dice: 0.75,
    });
    expect(judge(cases([...many(30, 0.8), 0, 0]), [30, 31])).toMatchObject({
      learned: true,
      heldOut: false,
    });
    const report = judge(cases(many(30, 0.1), 60));
    expect(report).toMatchObject({ learned: false, heldOut: false });
    expect(report.why).toBe('the segmenter does not find the mass (dice 0.10)');
  });

  it('is not learned from too few drawn labels, nor from none', () => {
    expect(judge(cases(many(12, 0.9), 90)).learned).toBe(true);
    expect(judge(cases(many(11, 0.9), 90)).why).toBe('only 11 of its labels are drawn');
    // Where all cases show the structure, eight drawn labels are enough.
    expect(judge(cases(many(8, 0.9))).learned).toBe(true);
    expect(judge(cases([0.9], 90)).why).toBe('only 1 of its labels is drawn');
    expect(judge(cases([], 90))).toMatchObject({
      learned: false,
      drawn: 0,
      dice: null,
      why: 'no label of the mass is drawn',
    });
  });

  it('is judged by itself', () => {
    const views = cases(many(20, 0.9)).map((view): CaseView => {
      const area = view.index < 5 ? 0.2 : 0;
      const other = { structure: 1, dice: 0.1, area, proposalArea: area };
      return { ...view, labels: [...view.labels, other] };
    });
    const reports = judgeLearned(views, new Set(), ['lung', 'mass']);
    expect(reports.map(({ structure, learned }) => [structure, learned])).toEqual([
      ['lung', true],
      ['mass', false],
    ]);
  });
});
