import { describe, expect, it } from 'vitest';
import { fit, fitting } from '../../../renderer/shared/fuzzy.ts';

describe('finding by a few letters', () => {
  it('needs every letter in its order', () => {
    expect(fit('xyz', 'Take the model’s proposal')).toBeNull();
    expect(fit('lm', 'model')).toBeNull();
    expect(fit('', 'anything')).toBe(0);
  });

  it('prefers beginnings of words and letters in a row, and the shorter name', () => {
    const names = [
      'Fill holes',
      'Flag with a comment, and next',
      'Full range',
      'Window: full range',
    ];
    const named = (query: string): string | undefined => fitting(query, names, (name) => name)[0];
    expect(named('fh')).toBe('Fill holes');
    expect(named('full')).toBe('Full range');
    expect(named('flag')).toBe('Flag with a comment, and next');
    expect(named('wfr')).toBe('Window: full range');
  });

  it('keeps the order of the table when nothing is typed', () => {
    expect(fitting('', ['b', 'a', 'c'], (name) => name)).toEqual(['b', 'a', 'c']);
  });
});
