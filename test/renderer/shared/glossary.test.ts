import { describe, expect, it } from 'vitest';
import { GLOSSARY, explained, termsIn } from '../../../renderer/shared/glossary.ts';

describe('the glossary', () => {
  it('explains QAM, dice, collapse, blind check and expected dice, each in at most three sentences', () => {
    const names = GLOSSARY.map(({ name }) => name);
    for (const name of ['QAM', 'dice', 'collapse', 'blind check', 'expected dice'])
      expect(names).toContain(name);
    for (const { name, meaning } of GLOSSARY) {
      expect(meaning.match(/[.](?= [A-Z]|$)/g)?.length ?? 0, name).toBeLessThanOrEqual(3);
      expect(meaning.length, name).toBeLessThan(260);
    }
  });

  it('finds terms in sentences, the longer before the shorter, and each once', () => {
    expect(termsIn('Expected dice with the truth')).toEqual(['expected dice']);
    expect(termsIn('Two networks (the QAM) collapsed: blind checks')).toEqual([
      'QAM',
      'collapse',
      'blind check',
    ]);
    const pieces = explained('Dice, and dice again');
    expect(pieces.map(({ text, term }) => [text, term?.name ?? null])).toEqual([
      ['Dice', 'dice'],
      [', and ', null],
      ['dice', null],
      [' again', null],
    ]);
    expect(explained('Dice of a case', ['dice']).every(({ term }) => term === null)).toBe(true);
  });

  it('finds only whole words', () => {
    expect(termsIn('predice, dice-like, epochal')).toEqual([]);
  });
});
