import { describe, expect, it } from 'vitest';
import { labelKey } from '../../../audit/contract/label-key.ts';
import { Damage, kindFigures } from '../../../audit/benchmark/kinds.ts';
import type { NoiseEntry } from '../../../audit/benchmark/noise.ts';
import { rivalFigures } from '../../../audit/benchmark/rivals.ts';
import type { RivalLabel } from '../../../audit/benchmark/rivals.ts';

const entry = (id: string, structure: string, kind: 'leak' | 'shifted'): NoiseEntry => ({
  ...{ case: id, structure, kind, severity: 0.5, other: null, seed: 0 },
});
/** `a` leaks in one structure, `b` is shifted in both, `c` and `d` are clean. */
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
/** By case, of lung and heart: how well the label is thought of. */
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

  it('is told from clean labels alone', () => {
    expect(damage.cases).toBe(2);
    expect(rows.map(({ kind }) => kind)).toEqual(
      ['any', 'leak', 'shifted'].flatMap((kind) => [kind, kind]),
    );
    expect(row('leak', 'label')).toMatchObject({ all: { errors: 1, auroc: 1 } });
    // .7 and .2 against .8, .5, .9, .6 and .9, the label of `a` that leaks left out.
    expect(row('shifted', 'label')?.all).toEqual({ errors: 2, auroc: 0.8 });
    expect(row('shifted', 'case')?.all).toEqual({ errors: 1, auroc: 1 });
  });

  it('counts as gross by its own dice, of a case by the worst label', () => {
    expect(row('leak', 'label')?.gross).toEqual({ errors: 0, auroc: null });
    expect(row('shifted', 'label')?.gross).toEqual({ errors: 1, auroc: 1 });
    expect(row('any', 'case')).toMatchObject({ all: { errors: 2 }, gross: { errors: 1 } });
  });

  it('is no longer looked for in corrected cases', () => {
    const left = new Damage(PLAN, DICE, (id) => id !== 'b' && id !== 'd');
    const [figures] = rivalFigures(labels, left.truth);
    expect(figures).toMatchObject({ by: 'cross-fitted-softmin', count: 2, errors: 1 });
    expect(left.kinds).toEqual(['leak']);
  });
});
