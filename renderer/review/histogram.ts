/** Bars of a histogram of scores, in the colours of the queue. Pure. */
import type { Insights } from '../../audit/contract/api.ts';
import { toneOf, toneOfDice } from './words.ts';
import type { Tone } from './words.ts';

interface Bar {
  /** Left and right edge, as shares of the chart's width, 0 … 1. */
  readonly from: number;
  readonly to: number;
  /** Share of the chart's height, 0 … 1. */
  readonly height: number;
  readonly tone: Tone;
}

/**
 * The bars of a histogram of scores. Heights are square roots of counts, so that a few outliers are visible
 * beside a peak of thousands. The share of scores below a bar's middle gives its tone.
 */
export function barsOf({ counts }: Pick<Insights['histogram'], 'counts'>): Bar[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const most = Math.max(1, ...counts);
  let below = 0;
  return counts.map((count, i) => {
    const middle = all === 0 ? 1 : (below + count / 2) / all;
    below += count;
    return {
      from: i / counts.length,
      to: (i + 1) / counts.length,
      height: Math.sqrt(count / most),
      tone: toneOf(middle),
    };
  });
}

/**
 * The bars of a histogram of dice: the expected dice, or the agreement with the segmenter. The dice at a
 * bar's middle gives the bar's tone.
 */
export function diceBarsOf(
  histogram: Pick<Insights['histogram'], 'counts' | 'low' | 'high'>,
): Bar[] {
  const { low, high } = histogram;
  return barsOf(histogram).map((bar) => ({
    ...bar,
    tone: toneOfDice(low + ((bar.from + bar.to) / 2) * (high - low)),
  }));
}

/** Where a score lies between the histogram's ends, as a share 0 … 1; 0.5 if both ends are equal. */
export function placeOnAxis({ low, high }: { low: number; high: number }, score: number): number {
  if (high <= low) return 0.5;
  return Math.max(0, Math.min(1, (score - low) / (high - low)));
}
