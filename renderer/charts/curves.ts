/** The data of a chart of curves, and the chart's description in words. Pure. */

export interface Curve {
  readonly label: string;
  /** A CSS colour. */
  readonly colour: string;
  /** A value for each x of the chart; null leaves a gap. */
  readonly values: readonly (number | null)[];
  readonly width?: number;
  readonly dashed?: boolean;
  /** Whether the curve is left out of the legend and of the description in words. */
  readonly quiet?: boolean;
}

/** The area between two curves, named by their index. */
export interface Band {
  readonly from: number;
  readonly to: number;
  readonly colour: string;
}

/** A vertical line at an x, with a word. */
export interface Mark {
  readonly at: number;
  readonly label: string;
}

const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** `0.912`: three significant digits; a dash if the value is unknown. */
export const threeDigits = (value: number | null | undefined): string =>
  value === null || value === undefined || Number.isNaN(value) ? '–' : number.format(value);

/** The chart in words: a sentence per curve with its first and last value. */
export function chartInWords(
  title: string,
  unit: string,
  x: readonly number[],
  curves: readonly Curve[],
): string {
  const parts = curves
    .filter(({ quiet }) => !quiet)
    .flatMap(({ label, values }) => {
      const first = values.findIndex((value) => value !== null);
      const last = values.findLastIndex((value) => value !== null);
      if (first < 0) return [];
      const from = `${threeDigits(values[first])} at ${unit} ${x[first]}`;
      return [
        first === last
          ? `${label}: ${from}.`
          : `${label}: from ${from} to ${threeDigits(values[last])} at ${unit} ${x[last]}.`,
      ];
    });
  return parts.length === 0 ? `${title}: nothing yet.` : `${title}. ${parts.join(' ')}`;
}

/** About `count` round values from `low` to `high`: multiples of 1, 2 or 5 times a power of ten. */
export function ticks(low: number, high: number, count = 5): number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough) ?? rough;
  const result: number[] = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n += 1) {
    result.push(Number((n * step).toPrecision(12)));
  }
  return result;
}
