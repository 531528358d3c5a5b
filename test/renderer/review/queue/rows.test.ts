import { describe, expect, it } from 'vitest';
import type { QueueEntry } from '../../../../audit/contract/api.ts';
import type { Verdict } from '../../../../audit/contract/terms.ts';
import { requestsOf, subjectOf } from '../../../../renderer/review/judge.svelte.ts';
import {
  EVERYTHING,
  blindPer,
  isFiltered,
  rowKey,
  meaningOf,
  queryOf,
  withVerdicts,
} from '../../../../renderer/review/queue/rows.ts';

function row(
  verdicts: Record<string, Verdict | null>,
  structure: string | null = null,
): QueueEntry {
  return {
    case: 'a',
    structure,
    rank: 1,
    score: -2,
    number: 'expected',
    percentile: 0,
    previousRank: null,
    verdict: structure === null ? null : (verdicts[structure] ?? null),
    blind: false,
    expected: null,
    stale: false,
    worst: 'lung',
    width: 8,
    height: 8,
    labels: Object.entries(verdicts).map(([name, verdict]) => ({
      structure: name,
      state: 'drawn' as const,
      verdict,
    })),
    version: 'v',
  };
}

describe('a verdict', () => {
  it('judges the one label of the row in a queue by label', () => {
    const { verdicts } = meaningOf(row({ lung: null, heart: null }, 'heart'), 'excluded');
    expect(verdicts).toEqual([{ case: 'a', structure: 'heart', verdict: 'excluded' }]);
  });

  it('judges the open labels of the row in a queue by case, or all if none is open', () => {
    const some = meaningOf(row({ lung: 'fixed', heart: null }), 'accepted');
    expect(some).toMatchObject({ again: false, verdicts: [{ structure: 'heart' }] });
    const again = meaningOf(row({ lung: 'fixed', heart: 'accepted' }), 'excluded');
    expect(again.again).toBe(true);
    expect(again.verdicts.map(({ structure }) => structure)).toEqual(['lung', 'heart']);
  });

  it('leaves out labels that nobody drew', () => {
    const absent = row({ lung: null });
    const labels = [
      ...absent.labels,
      { structure: 'heart', state: 'absent' as const, verdict: null },
    ];
    expect(meaningOf({ ...absent, labels }, 'accepted').verdicts).toHaveLength(1);
  });

  it('marks changed labels as fixed, even if they had a verdict, and accepts the rest', () => {
    const { verdicts } = meaningOf(
      row({ lung: 'accepted', heart: null, clavicle: null }),
      'fixed',
      new Set(['lung', 'heart']),
    );
    expect(Object.fromEntries(verdicts.map((given) => [given.structure, given.verdict]))).toEqual({
      lung: 'fixed',
      heart: 'fixed',
      clavicle: 'accepted',
    });
  });

  it('is taken back only from the labels that have one', () => {
    const { verdicts } = meaningOf(row({ lung: 'flagged', heart: null }), null);
    expect(verdicts).toEqual([{ case: 'a', structure: 'lung', verdict: null }]);
  });
});

describe('requests', () => {
  it('are forced only for the rows that are judged again', () => {
    const open = row({ lung: null });
    const done = { ...row({ lung: 'accepted' }), case: 'b' };
    expect(requestsOf([open, done], 'excluded')).toEqual([
      { items: [{ case: 'a', structure: null }], verdict: 'excluded' },
      { items: [{ case: 'b', structure: null }], verdict: 'excluded', force: true },
    ]);
  });

  it('mark labels as fixed before they accept the rest of the case', () => {
    expect(requestsOf([row({ lung: null, heart: null })], 'fixed', new Set(['heart']))).toEqual([
      { items: [{ case: 'a', structure: 'heart' }], verdict: 'fixed' },
      { items: [{ case: 'a', structure: null }], verdict: 'accepted' },
    ]);
  });
});

describe('rows', () => {
  it('derive the verdict of a case from its labels', () => {
    const before = row({ lung: null, heart: null });
    const half = withVerdicts(before, [{ case: 'a', structure: 'lung', verdict: 'fixed' }]);
    expect(half.verdict).toBeNull();
    const whole = withVerdicts(half, [{ case: 'a', structure: 'heart', verdict: 'accepted' }]);
    expect(whole.verdict).toBe('fixed');
    expect(withVerdicts(whole, [{ case: 'b', structure: 'heart', verdict: null }])).toBe(whole);
  });

  it('have keys that tell the labels of a case apart, and names in words', () => {
    expect(new Set([rowKey(row({}, 'lung')), rowKey(row({}, 'heart')), rowKey(row({}))]).size).toBe(
      3,
    );
    expect(subjectOf([row({}, 'lung')])).toBe('lung of a');
    expect(subjectOf([row({}), row({})])).toBe('2 cases');
  });
});

describe('filters', () => {
  it('ask only for what is set', () => {
    expect(queryOf({ ...EVERYTHING, search: ' JP ', min: -1 })).toEqual({
      search: 'JP',
      sort: 'rank',
      order: 'ascending',
      per: 'case',
      min: -1,
    });
    expect(isFiltered(EVERYTHING)).toBe(false);
    expect(isFiltered({ ...EVERYTHING, max: 0 })).toBe(true);
    // An empty annotator stands for the cases without one, so it is a filter.
    expect(isFiltered({ ...EVERYTHING, annotator: '' })).toBe(true);
    expect(isFiltered({ ...EVERYTHING, sort: 'name' })).toBe(false);
  });

  it('have blind checks only in the order worst first, and only if they do not reveal what is hidden', () => {
    const mixed = { ...EVERYTHING, blind: true };
    expect(blindPer(mixed)).toBe('case');
    expect(blindPer({ ...mixed, per: 'label', structure: 'lung' })).toBe('label');
    expect(blindPer({ ...mixed, verdict: 'none', search: 'a' })).toBe('case');
    for (const other of [
      { blind: false },
      { sort: 'name' as const },
      { order: 'descending' as const },
      { structure: 'lung' },
      { max: 0 },
    ]) {
      expect(blindPer({ ...mixed, ...other })).toBeUndefined();
    }
  });
});
