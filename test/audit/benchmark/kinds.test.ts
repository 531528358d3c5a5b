import { describe, expect, it } from 'vitest';
import { labelKey } from '../../../audit/contract/label-key.ts';
import { Damage, kindFigures } from '../../../audit/benchmark/kinds.ts';
import type { NoiseEntry } from '../../../audit/benchmark/noise.ts';
import { rivalFigures } from '../../../audit/benchmark/rivals.ts';
import type { RivalLabel } from '../../../audit/benchmark/rivals.ts';

const entry = (id: string, structure: string, kind: 'leak' | 'shifted'): NoiseEntry => ({
  ...{ case: id, structure, kind, severity: 0.5, other: null, seed: 0 },
});
/** The damage: a leak in the lung of `a`, and a shift in both structures of `b`; `c` and `d` are clean. */
const PLAN = [
  entry('a', 'lung', 'leak'),
  entry('b', 'lung', 'shifted'),
  entry('b', 'heart', 'shifted'),
];
const DICE = new Map([
  [labelKey('a', 'lung'), 0.9],
  [labelKey('b', 'lung'), 0.95],
  [labelKey('b', 'heart'), 0.5],
]);
/** Case → the scores of its lung and its heart; a lower score is worse. */
const SAID = { a: [0.1, 0.8], b: [0.7, 0.2], c: [0.5, 0.9], d: [0.6, 0.9] };
const labels = Object.entries(SAID).flatMap(([id, values]) =>
  values.map((value, s): RivalLabel => ({
    case: id,
    structure: ['lung', 'heart'][s],
    values: { 'cross-fitted-softmin': value },
  })),
);

describe('a kind of damage', () => {
  const damage = new Damage(PLAN, DICE);
  const rows = kindFigures(damage, (truth) => rivalFigures(labels, truth));
  const row = (kind: string, per: 'case' | 'label') =>
    rows.find((one) => one.kind === kind && one.per === per);

  it('is compared with clean labels only', () => {
    expect(damage.cases).toBe(2);
    expect(rows.map(({ kind }) => kind)).toEqual(
      ['any', 'leak', 'shifted'].flatMap((kind) => [kind, kind]),
    );
    expect(row('leak', 'label')).toMatchObject({ all: { errors: 1, auroc: 1 } });
    // The shifted labels have the scores .7 and .2, the clean labels .8, .5, .9, .6 and .9. The leak is left
    // out.
    expect(row('shifted', 'label')?.all).toEqual({ errors: 2, auroc: 0.8 });
    expect(row('shifted', 'case')?.all).toEqual({ errors: 1, auroc: 1 });
  });

  it('counts as gross if the dice of the label is low; the worst label decides for a case', () => {
    expect(row('leak', 'label')?.gross).toEqual({ errors: 0, auroc: null });
    expect(row('shifted', 'label')?.gross).toEqual({ errors: 1, auroc: 1 });
    expect(row('any', 'case')).toMatchObject({ all: { errors: 2 }, gross: { errors: 1 } });
  });

  it('is not counted in cases that were corrected', () => {
    const left = new Damage(PLAN, DICE, (id) => id !== 'b' && id !== 'd');
    const [figures] = rivalFigures(labels, left.truth);
    expect(figures).toMatchObject({ by: 'cross-fitted-softmin', count: 2, errors: 1 });
    expect(left.kinds).toEqual(['leak']);
  });
});
