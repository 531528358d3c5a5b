import { describe, expect, it } from 'vitest';
import { Inspector, reasonOf } from '../../../../renderer/review/inspector/inspector.svelte.ts';
import { useReviewServer } from '../server.ts';

// Number of cases. Each has lung and heart, but the last case has no heart.
const COUNT = 30;
const server = useReviewServer(COUNT);

describe('the inspector', () => {
  it('compares with all cases, or with the labels of a structure', async () => {
    const inspector = new Inspector(server.client);
    await inspector.compareWith(null);
    expect(inspector.cohort?.ranked).toBe(COUNT);
    await inspector.compareWith('lung');
    const lungs = inspector.cohort?.histogram.counts.reduce((sum, count) => sum + count, 0);
    expect([lungs, inspector.cohort?.ranked]).toEqual([COUNT, 2 * COUNT - 1]);
    const before = server.asked.length;
    await inspector.compareWith(null);
    expect(server.asked.length).toBe(before);
  });

  it('follows the revisions of a label, newest first', async () => {
    const inspector = new Inspector(server.client);
    await inspector.follow('case 3', 'lung');
    expect(inspector.revisions).toHaveLength(1);
    await server.client.addRevision('case 3', 'lung', new Uint8Array(48 * 40), { reason: 'edit' });
    await inspector.take({ type: 'changed', what: 'labels', cases: ['case 4'] });
    expect(inspector.revisions).toHaveLength(1);
    await inspector.take({ type: 'changed', what: 'labels', cases: ['case 3'] });
    expect(inspector.revisions?.map(({ number }) => number)).toEqual([2, 1]);
    expect(reasonOf(inspector.revisions?.[0] ?? { number: 1, reason: '', mask: null })).toBe(
      'Drawn, no verdict',
    );
  });
});
