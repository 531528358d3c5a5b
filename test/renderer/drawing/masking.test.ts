import { describe, expect, it } from 'vitest';
import { guardsFor, keepGuarded } from '../../../renderer/drawing/masking.ts';
import type { Masking } from '../../../renderer/drawing/masking.ts';
import { drawn, rows } from './masks.ts';

const lung = drawn('####....', '####....');
const rib = drawn('......##', '......##');
const labels = [
  { structure: { name: 'lung' }, mask: lung.mask },
  { structure: { name: 'rib' }, mask: rib.mask },
  { structure: { name: 'heart' }, mask: null },
  { structure: { name: 'nodule' }, mask: null },
];

/** What remains of a heart drawn over everything. */
function heart(masking: Masking, name = 'heart'): string[] {
  const before = new Uint8Array(16);
  const mask = new Uint8Array(16).fill(1);
  keepGuarded(mask, before, guardsFor(masking, name, labels), 8, {
    x: 0,
    y: 0,
    width: 8,
    height: 2,
  });
  return rows({ width: 8, height: 2, mask });
}

describe('masking', () => {
  it('keeps a label out of the others, or out of one', () => {
    expect(heart({ side: 'outside', structure: null })[0]).toBe('....##..');
    expect(heart({ side: 'outside', structure: 'rib' })[1]).toBe('######..');
    expect(heart(null)[0]).toBe('########');
  });

  it('keeps a label inside of another, and of one that nobody drew draws nothing', () => {
    expect(heart({ side: 'inside', structure: 'lung' })[0]).toBe('####....');
    expect(heart({ side: 'inside', structure: 'nodule' })[0]).toBe('........');
  });

  it('says nothing of the structure itself', () => {
    expect(heart({ side: 'inside', structure: 'heart' })[0]).toBe('########');
  });
});
