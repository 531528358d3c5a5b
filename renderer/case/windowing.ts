/**
 * The rule that gives each image its window, so that window and level stay from case to case. A project keeps its
 * rule in the browser's storage.
 */
import { z } from 'zod';
import type { ImageReady } from './pixels.ts';
import type { Window } from './types.ts';
import { percentiles, shareBelow, windowOf } from './window.ts';

const Shares = { low: z.number(), high: z.number() };
const Rule = z.discriminatedUnion('kind', [
  /** From the first to the 99th percentile of each image. */
  z.object({ kind: z.literal('auto') }),
  /** From one share of the range of an image's samples to another; 0 is the smallest sample, 1 the largest. */
  z.object({ kind: z.literal('range'), ...Shares }),
  /** The window of this name in the image's file; `low` and `high` where a file has none. */
  z.object({ kind: z.literal('file'), name: z.string(), ...Shares }),
  /** The same sample values in each image. */
  z.object({ kind: z.literal('values'), ...Shares }),
  /** The same percentiles in each image, as shares 0 … 1. */
  z.object({ kind: z.literal('percentiles'), ...Shares }),
]);

/** How the window of an image is found. */
export type WindowRule = z.infer<typeof Rule>;

export const Windowing = z.object({
  rule: Rule,
  invert: z.boolean(),
  /** Whether a window that the person sets stands for percentiles in other images, or for sample values. */
  relative: z.boolean(),
  /** Whether the contrast is evened out for looking (`LocalContrast`). */
  local: z.boolean(),
});
export type Windowing = z.infer<typeof Windowing>;

export const AUTOMATIC: Windowing = {
  rule: { kind: 'auto' },
  invert: false,
  relative: false,
  local: false,
};

/** The window of an image. */
export function windowBy({ rule, invert }: Windowing, { pixels, auto }: ImageReady): Window {
  const { minimum, maximum, samples, windows } = pixels;
  switch (rule.kind) {
    case 'auto':
      return windowOf(auto.low, auto.high, invert);
    case 'range': {
      const at = (share: number): number => minimum + share * (maximum - minimum);
      return windowOf(at(rule.low), at(rule.high), invert);
    }
    case 'file': {
      const { low, high } = windows.find(({ name }) => name === rule.name) ?? rule;
      return windowOf(low, high, invert);
    }
    case 'values':
      return windowOf(rule.low, rule.high, invert);
    case 'percentiles': {
      const { low, high } = percentiles(samples, rule.low, rule.high);
      return windowOf(low, high, invert);
    }
  }
}

/** The rule that stands for a window that the person set on an image. */
export function ruleOf(window: Window, image: ImageReady, relative: boolean): WindowRule {
  const { low, high } = window;
  if (!relative) return { kind: 'values', low, high };
  const { samples } = image.pixels;
  return { kind: 'percentiles', low: shareBelow(samples, low), high: shareBelow(samples, high) };
}

const keyOf = (folder: string): string => `overread.window ${folder}`;

/** The project's windowing; automatic without storage (a private window, a test), or if none was kept. */
export function keptWindowing(folder: string): Windowing {
  try {
    return Windowing.parse(JSON.parse(localStorage.getItem(keyOf(folder)) ?? 'null'));
  } catch {
    return AUTOMATIC;
  }
}

export function keepWindowing(folder: string, windowing: Windowing): void {
  try {
    localStorage.setItem(keyOf(folder), JSON.stringify(windowing));
  } catch {
    // Without storage the next start begins with the automatic window.
  }
}
