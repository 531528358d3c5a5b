import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { errorsSentence, evaluationTable } from '../../../audit/cli/evaluation.ts';
import { errorBelow } from '../../../audit/cli/options.ts';
import { errorDice, errorDices } from '../../../audit/ranking/error-dice.ts';
import { figuresOf } from '../../../audit/ranking/evaluate.ts';

describe('the threshold of an error', () => {
  it('is the reader noise of the structure, however it is called', () => {
    expect(['lung', 'Lungs', 'left lung', 'right_lung'].map((name) => errorDice(name))).toEqual(
      Array(4).fill(0.95),
    );
    expect(
      ['heart', 'clavicle', 'lung lesion', 'constructor'].map((one) => errorDice(one)),
    ).toEqual(Array(4).fill(0.9));
  });

  it('is the given one, for all or for some structures', () => {
    expect(errorDices(['lung', 'heart'], 0.8)).toEqual({ lung: 0.8, heart: 0.8 });
    expect(errorDices(['lung', 'heart'], { heart: 0.7 })).toEqual({ lung: 0.95, heart: 0.7 });
    expect(() => errorDices(['lung'], { heart: 0.7 })).toThrow(/no structure "heart"/);
  });

  it('is typed as a number or by structure', () => {
    expect(errorBelow('.9')).toBe(0.9);
    expect(errorBelow('lung=.95,left heart=.90')).toEqual({ lung: 0.95, 'left heart': 0.9 });
    for (const text of ['', 'x', '2', 'lung=', 'lung=.9,', '=.9', 'lung=2']) {
      expect(() => errorBelow(text), text).toThrow(InvalidArgumentError);
    }
    expect(errorsSentence({ lung: 0.95, heart: 0.9, lesion: 0.9 })).toBe(
      'Errors: a dice with the true mask below .95 (lung), .90 (heart, lesion).',
    );
  });
});

describe('several thresholds', () => {
  const judged = [0.5, 0.88, 0.93, 1].map((dice, i) => ({
    ...{ score: [1, 3, 2, 4][i], error: dice < 0.9, dice, lowest: dice },
  }));

  it('have each their errors and their AUROC', () => {
    const { levels, errors } = figuresOf(judged);
    expect(errors).toBe(2);
    expect(levels).toEqual([
      { below: 0.95, errors: 3, auroc: 1 },
      { below: 0.9, errors: 2, auroc: 3 / 4 },
      { below: 0.85, errors: 1, auroc: 1 },
    ]);
    expect(figuresOf(judged, []).levels).toEqual([]);
    const table = evaluationTable([{ ...figuresOf(judged), by: 'combined', per: 'label' }]);
    expect(table).toMatch(/AUROC +< \.95 +< \.90 +< \.85/);
  });

  it('are left out where the dice of an error is unknown', () => {
    const unknown = { score: 0, error: true, dice: null, lowest: null };
    expect(figuresOf([...judged, unknown]).levels).toEqual([]);
  });
});
