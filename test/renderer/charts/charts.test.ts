import { describe, expect, it } from 'vitest';
import { chartInWords, ticks } from '../../../renderer/charts/curves.ts';
import { slopeLines } from '../../../renderer/charts/slope.ts';

describe('curves', () => {
  it('are described by their first and last values, without the quiet curves', () => {
    const words = chartInWords(
      'Loss',
      'epoch',
      [1, 2, 3],
      [
        { label: 'plain', colour: '#000', values: [0.5, 0.4, 0.31234] },
        { label: 'weighted', colour: '#000', values: [null, 0.2, null] },
        { label: 'edge', colour: '#000', values: [1, 1, 1], quiet: true },
        { label: 'none', colour: '#000', values: [null, null, null] },
      ],
    );
    expect(words).toBe(
      'Loss. plain: from 0.5 at epoch 1 to 0.312 at epoch 3. weighted: 0.2 at epoch 2.',
    );
    expect(chartInWords('Loss', 'epoch', [], [])).toBe('Loss: nothing yet.');
  });

  it('have round ticks within their range', () => {
    expect(ticks(0, 50, 4)).toEqual([0, 20, 40]);
    expect(ticks(-8.3, 2.4, 7)).toEqual([-8, -6, -4, -2, 0, 2]);
    expect(ticks(0, 0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(ticks(5, 5)).toEqual([5]);
  });
});

describe('a slope chart', () => {
  it('tells which cases stayed, entered and left the top, and puts all lower ranks in one row', () => {
    const lines = slopeLines(
      [
        { before: 1, after: 2 },
        { before: 40, after: 1 },
        { before: 2, after: 9 },
        { before: null, after: 3 },
      ],
      3,
    );
    expect(lines.map(({ kind, left, right }) => [kind, left, right])).toEqual([
      ['stayed', 0, 1],
      ['entered', 3, 0],
      ['left', 1, 3],
      ['entered', null, 2],
    ]);
  });
});
