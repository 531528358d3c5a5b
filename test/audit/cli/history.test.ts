import { describe, expect, it } from 'vitest';
import { concerns, describeRow } from '../../../audit/cli/history.ts';
import type { AuditEntry } from '../../../audit/store/types.ts';

const row = (action: string, detail: unknown): AuditEntry => ({
  sequence: 1,
  at: '2026-01-01T00:00:00.000Z',
  author: 'ann',
  action,
  detail,
  hash: '',
});

describe('a row of the history', () => {
  it('describes a verdict with the verdict before it and its comment', () => {
    const labels = [
      { structure: 'lung', from: 'accepted' },
      { structure: 'heart', from: null },
    ];
    const given = row('verdict', { case: 'a', verdict: 'excluded', labels, comment: 'blurred' });
    expect(describeRow(given)).toBe('a: lung excluded, was accepted; heart excluded: “blurred”');
    const back = row('verdict', { case: 'a', verdict: null, labels: labels.slice(0, 1) });
    expect(describeRow(back, { withCase: false })).toBe('lung: verdict taken back, was accepted');
    const said = {
      case: 'a',
      verdict: 'excluded',
      labels: [],
      comment: 'why',
      commented: ['lung'],
    };
    expect(describeRow(row('verdict', said))).toBe('a: lung: “why”');
  });

  it('describes comments and revisions in words, and other rows by their fields and values', () => {
    const comment = { case: 'a', structure: 'lung', text: 'look again' };
    expect(describeRow(row('comment', comment))).toBe('a: lung: “look again”');
    const revision = {
      case: 'a',
      structure: 'lung',
      number: 2,
      mask: 'f00',
      area: 7,
      reason: 'replace',
    };
    expect(describeRow(row('revision', revision))).toBe('a: lung revision 2, 7 px (replace)');
    expect(describeRow(row('relink', { from: '/a', to: '/b' }))).toBe('from /a, to /b');
  });

  it('concerns a case if it is a verdict, comment or revision of that case', () => {
    expect(concerns(row('comment', { case: 'a' }), 'a')).toBe(true);
    expect(concerns(row('comment', { case: 'b' }), 'a')).toBe(false);
    expect(concerns(row('import', { case: 'a' }), 'a')).toBe(false);
  });
});
