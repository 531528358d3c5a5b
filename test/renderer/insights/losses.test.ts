import { expect, it } from 'vitest';
import { byStructure, percentChanged, worstFirst } from '../../../renderer/insights/losses.ts';

const loss = (id: string, structure: string, pixels: number, area: number) => ({
  case: id,
  structure,
  pixels,
  area,
});
const losses = [
  loss('a', 'lung', 100, 10_000),
  loss('a', 'clavicle', 40, 50),
  loss('b', 'lung', 300, 10_000),
];

it('sums up losses by structure, the largest share of a label first', () => {
  expect(byStructure(losses)).toEqual([
    { structure: 'clavicle', labels: 1, worst: 0.8 },
    { structure: 'lung', labels: 2, worst: 0.03 },
  ]);
  expect(worstFirst(losses).map(({ pixels }) => pixels)).toEqual([40, 300, 100]);
});

it('never shows a loss as zero, not even of an empty label', () => {
  expect(percentChanged(0.0004)).toBe('< 0.1 %');
  expect(percentChanged(0.031)).toBe('3.1 %');
  expect(percentChanged(12)).toBe('1,200 %');
  expect(byStructure([loss('a', 'lung', 12, 0)])[0]?.worst).toBe(12);
});
