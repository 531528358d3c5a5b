import { describe, expect, it } from 'vitest';
import { ACTIONS } from '../../../audit/contract/actions.ts';
import { fit, fitting } from '../../../renderer/shared/fuzzy.ts';
import { SYNONYMS } from '../../../renderer/shared/synonyms.ts';

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

  it('finds by the beginning of another word, after the names that begin so', () => {
    const others = new Map([['Window', ['contrast', 'level']]]);
    const found = (query: string): string[] =>
      fitting(
        query,
        ['Window', 'Contrast study'],
        (name) => name,
        (name) => others.get(name) ?? [],
      );
    expect(found('contrast')).toEqual(['Contrast study', 'Window']);
    expect(found('level')).toEqual(['Window']);
    expect(found('evel')).toEqual([]);
  });

  it('has other words only for actions that exist, and none that begins the action’s own name', () => {
    const titles = new Map(ACTIONS.map(({ id, title }) => [id, title.toLowerCase()]));
    for (const [id, words] of Object.entries(SYNONYMS)) {
      expect(titles.has(id), id).toBe(true);
      for (const word of words)
        expect(titles.get(id)?.startsWith(word), `${id} ${word}`).toBe(false);
    }
  });

  it('keeps the order of the table when nothing is typed', () => {
    expect(fitting('', ['b', 'a', 'c'], (name) => name)).toEqual(['b', 'a', 'c']);
  });
});
