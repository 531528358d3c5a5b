import { describe, expect, it } from 'vitest';
import { Random } from '../../models/random.ts';
import { judgeCollapse } from '../../trainer/collapse.ts';
import type { CaseView } from '../../trainer/views.ts';

const source = Random.forTraining(0, 'collapse');

/**
 * 100 cases of one structure whose true area is 0.1. `of` gives the score and the proposal's area for a
 * label whose area is wrong by the factor exp(`wrong`).
 */
function cases(of: (wrong: number) => { score: number; proposal: number }): CaseView[] {
  return Array.from({ length: 100 }, (_, index) => {
    // Half of the labels are right; a quarter are 30 % too small, and a quarter 42 % too large.
    const wrong = index % 2 === 0 ? 0 : index % 4 === 1 ? -0.35 : 0.35;
    const area = 0.1 * Math.exp(wrong + source.normal() * 0.05);
    const { score, proposal } = of(wrong);
    const smaller = Math.min(area, proposal);
    const dice = (2 * smaller) / (area + proposal);
    const label = { structure: 0, dice, area, proposalArea: proposal };
    return { index, score: score + source.normal() * 0.1, labels: [label] };
  });
}

describe('the collapse detector', () => {
  it('reports nothing when the score finds the wrong labels', () => {
    const report = judgeCollapse(
      cases((wrong) => ({ score: -Math.abs(wrong), proposal: 0.1 })),
      ['lung'],
      'overread',
    );
    expect(report.collapsed).toBe(false);
    expect(report.signs['agreement']).toBeGreaterThan(0.5);
  });

  it('reports nothing on clean labels, where the scores mean little', () => {
    const clean = Array.from({ length: 60 }, (_, index): CaseView => {
      const label = {
        structure: 0,
        dice: 0.97 + source.next() * 0.01,
        area: 0.1,
        proposalArea: 0.1,
      };
      return { index, score: source.normal(), labels: [label] };
    });
    expect(judgeCollapse(clean, ['lung'], 'overread').collapsed).toBe(false);
  });

  it('reports nothing when a third of the labels is too large and the scores show it', () => {
    const views = Array.from({ length: 90 }, (_, index): CaseView => {
      const wrong = index % 3 === 0;
      const area = wrong ? 0.15 : 0.1;
      const dice = wrong ? 0.8 : 0.97;
      const label = { structure: 0, dice, area, proposalArea: 0.1 };
      return { index, score: wrong ? -1 : 1, labels: [label] };
    });
    expect(judgeCollapse(views, ['lung'], 'overread').collapsed).toBe(false);
  });

  it('reports that the QAM took large masks for good masks', () => {
    const report = judgeCollapse(
      cases((wrong) => ({ score: wrong, proposal: 0.125 })),
      ['lung'],
      'overread',
    );
    expect(report.collapsed).toBe(true);
    expect(report.message).toMatch(/follow the size of the lung/);
  });

  it('reports scores that rank against the agreement with the segmenter', () => {
    const report = judgeCollapse(
      cases((wrong) => ({ score: Math.abs(wrong), proposal: 0.1 })),
      ['lung'],
      'overread',
    );
    expect(report.collapsed).toBe(true);
    expect(report.message).toMatch(/agree less with the segmenter/);
    // The message must not advise the preset: this run was trained with it.
    expect(report.message).not.toContain('preset');
  });

  it('reports a segmenter that draws a structure much larger or smaller than the labels', () => {
    const report = judgeCollapse(
      cases(() => ({ score: 0, proposal: 0.3 })),
      ['clavicle'],
      'published',
    );
    expect(report.message).toMatch(/draws the clavicle .* larger than most labels/);
    expect(report.message).toMatch(/train again with the preset "overread"/);
  });
});
