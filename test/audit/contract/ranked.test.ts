import { describe, expect, it } from 'vitest';
import type { RankedBy } from '../../../audit/contract/api.ts';
import { rankedNotes, standInInWords, unrankedInWords } from '../../../audit/contract/ranked.ts';

const ranked = (change: Partial<RankedBy> = {}): RankedBy => ({
  model: 'a',
  by: 'combined',
  number: 'expected',
  uncalibrated: [],
  unlearned: [],
  collapse: null,
  passedOver: null,
  chosen: false,
  ...change,
});
const HEART = { structure: 'heart', why: 'only 4 are drawn' };

describe('notes on a ranking', () => {
  it('are none where nothing is held against the model', () => {
    expect(rankedNotes(ranked())).toEqual([]);
    expect(rankedNotes(ranked({ by: 'learned', number: 'learned' }))).toEqual([]);
  });

  it('warn of a collapse, and name the run that ranks', () => {
    const [own] = rankedNotes(ranked({ collapse: 'This training collapsed.' }));
    expect(own).toMatchObject({
      tone: 'warning',
      text: 'The labels are ranked by run a. This training collapsed.',
    });
    const passedOver = { run: 'b', collapse: 'This training collapsed.' };
    const [newer] = rankedNotes(ranked({ passedOver }), (run) => `training ${run}`);
    expect(newer.text).toBe(
      'The labels are still ranked by training a, because training b collapsed. ' +
        'This training collapsed.',
    );
  });

  it('say that a person chose the run, beside its collapse', () => {
    const notes = rankedNotes(ranked({ chosen: true, collapse: 'This training collapsed.' }));
    expect(notes.map(({ tone }) => tone)).toEqual(['warning', 'note']);
    expect(notes[1].text).toMatch(/^A person chose the run that ranks now\./);
  });

  it('name the number that stands in for the expected dice', () => {
    expect(standInInWords(ranked({ number: 'agreement' }))).toMatch(/^These networks have no/);
    expect(standInInWords(ranked({ number: 'learned' }))).toMatch(/from a QAM alone/);
    expect(standInInWords(ranked({ uncalibrated: ['lung', 'heart'] }))).toMatch(
      /^Too few labels of the lung and the heart are alike/,
    );
    expect(standInInWords(ranked({ by: 'disagreement', number: 'agreement' }))).toBe(null);
  });
});

describe('a row without a rank', () => {
  it('says what was not learned if that holds for all its labels', () => {
    const held = ranked({ unlearned: [HEART] });
    const why = 'The heart was not learned: only 4 are drawn.';
    expect(unrankedInWords(held, ['heart'])).toBe(why);
    expect(unrankedInWords(held, ['lung', 'heart'])).toMatch(/^Nobody had drawn it/);
    expect(unrankedInWords(held, [])).toBe('It has no label: draw one.');
    expect(unrankedInWords(null, [])).toBe('It has no label: draw one.');
    expect(unrankedInWords(null, ['heart'])).toMatch(/^Nothing was scored yet/);
  });
});
