import { describe, expect, it } from 'vitest';
import { labelKey } from '../../../audit/contract/label-key.ts';

describe('the key of a label', () => {
  it('differs if characters move from the name of the case to the name of the structure', () => {
    expect(labelKey('a', 'b c')).not.toBe(labelKey('a b', 'c'));
    expect(labelKey('a\n', 'b')).not.toBe(labelKey('a', '\nb'));
    expect(labelKey('a/', 'b')).not.toBe(labelKey('a', '/b'));
  });

  it('of a whole case differs from the keys of its labels', () => {
    const keys = [labelKey('a', null), labelKey('a', 'lung'), labelKey('alung', null)];
    expect(new Set(keys).size).toBe(3);
  });

  it('is the same for the same label', () => {
    expect(labelKey('a', 'lung')).toBe(labelKey('a', 'lung'));
  });
});
