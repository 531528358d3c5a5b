/** The report's charts as inline SVG with the colours of the page. Pure. */
import { decimal } from '../contract/words.ts';
import { html } from './escape.ts';

/** One line of a chart; null values are gaps. */
export interface Series {
  readonly name: string;
  /** A CSS colour, or a variable of the page. */
  readonly colour: string;
  readonly dashed?: boolean;
  readonly values: readonly (number | null)[];
}

/** The text of a number on an axis, with as many decimals as the axis's step needs: 0.05, 1, 200. */
export function tick(value: number, step: number): string {
  const digits = Math.max(0, Math.min(6, Math.ceil(-Math.log10(step) - 1e-9)));
  return decimal(value, digits);
}

/** The smallest step of 1, 2 or 5 times a power of ten that divides `span` into at most `count` parts. */
export function niceStep(span: number, count: number): number {
  if (!(span > 0)) return 1;
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= raw * (1 - 1e-9)) ?? 10);
}

/** The title of a chart, for screen readers and as a tooltip. */
const titled = (title: string): string => `<title>${html(title)}</title>`;

export interface HistogramOptions {
  readonly title: string;
  /**
   * `from` and `to` are the ends of the axis. The first bin also counts the values below `from`, the last
   * bin those above `to`.
   */
  readonly from: number;
  readonly to: number;
  readonly bins: number;
  /**
   * Bars below `bad` have the colour of bad labels, other bars below `doubtful` that of doubtful ones.
   */
  readonly bad: number;
  readonly doubtful: number;
}

/** Counts the values in equal bins; values outside `from` … `to` count in the nearest bin. */
function binned(
  values: readonly number[],
  { from, to, bins }: Pick<HistogramOptions, 'from' | 'to' | 'bins'>,
): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.floor(((value - from) / (to - from)) * bins);
    counts[Math.max(0, Math.min(bins - 1, bin))] += 1;
  }
  return counts;
}

/**
 * Draws a histogram with bars in three colours. The height of a bar is the square root of its count, so
 * that a few bad labels are visible beside many good ones. The title of each bar names its count.
 */
export function histogram(values: readonly number[], options: HistogramOptions): string {
  const { from, to, bins, bad, doubtful } = options;
  const [width, height, base] = [320, 96, 78];
  const counts = binned(values, options);
  const top = Math.sqrt(Math.max(1, ...counts));
  const bar = width / bins;
  const step = (to - from) / bins;
  const bars = counts.map((count, i) => {
    if (count === 0) return '';
    const low = from + i * step;
    const middle = low + step / 2;
    const zone = middle < bad ? 'bad' : middle < doubtful ? 'warn' : 'ok';
    const size = Math.max(2, (Math.sqrt(count) / top) * (base - 6));
    const range = `${tick(low, step)} to ${tick(low + step, step)}`;
    return (
      `<rect class="${zone}" x="${(i * bar + 0.75).toFixed(2)}" y="${(base - size).toFixed(1)}" ` +
      `width="${(bar - 1.5).toFixed(2)}" height="${size.toFixed(1)}" rx="1.5">` +
      `${titled(`${range}: ${count}`)}</rect>`
    );
  });
  const ticks: string[] = [];
  const every = niceStep(to - from, 5);
  for (let value = Math.ceil(from / every) * every; value <= to + 1e-9; value += every) {
    const x = ((value - from) / (to - from)) * width;
    const anchor = x < 10 ? 'start' : x > width - 10 ? 'end' : 'middle';
    ticks.push(
      `<text x="${x.toFixed(1)}" y="93" text-anchor="${anchor}">${tick(value, every)}</text>`,
    );
  }
  return (
    `<svg class="chart" viewBox="0 0 ${width} ${height}" role="img">${titled(options.title)}` +
    `<line class="axis" x1="0" x2="${width}" y1="${base + 0.5}" y2="${base + 0.5}"/>` +
    `${bars.join('')}${ticks.join('')}</svg>`
  );
}

export interface CurvesOptions {
  readonly title: string;
  readonly series: readonly Series[];
  /** How many epochs at the start are warm-up; they are shaded. */
  readonly warmUp: number;
}

/**
 * Draws lines over the epochs, which the horizontal axis counts from 1. The vertical axis covers all values
 * and ends at round numbers.
 */
export function curves({ title, series, warmUp }: CurvesOptions): string {
  const [width, height, left, right, top, bottom] = [460, 220, 38, 8, 8, 24];
  const epochs = Math.max(1, ...series.map((one) => one.values.length));
  const seen = series.flatMap((one) => one.values).filter((value) => value !== null);
  const lowest = seen.length > 0 ? Math.min(...seen) : 0;
  const highest = seen.length > 0 ? Math.max(...seen) : 1;
  const step = niceStep(highest - lowest || 1, 5);
  const from = Math.floor(lowest / step) * step;
  const to = Math.max(from + step, Math.ceil(highest / step) * step);
  const x = (epoch: number): number =>
    left + (epochs === 1 ? 0.5 : (epoch - 1) / (epochs - 1)) * (width - left - right);
  const y = (value: number): number =>
    top + (1 - (value - from) / (to - from)) * (height - top - bottom);

  const parts: string[] = [titled(title)];
  if (warmUp > 0 && warmUp < epochs) {
    const end = (x(warmUp) + x(warmUp + 1)) / 2;
    parts.push(
      `<rect class="shade" x="${left}" y="${top}" width="${(end - left).toFixed(1)}" ` +
        `height="${height - top - bottom}"/>`,
      `<text x="${left + 5}" y="${height - bottom - 6}">warm-up</text>`,
    );
  }
  for (let value = from; value <= to + step / 2; value += step) {
    const at = y(value).toFixed(1);
    parts.push(
      `<line class="grid" x1="${left}" x2="${width - right}" y1="${at}" y2="${at}"/>`,
      `<text x="${left - 6}" y="${(y(value) + 3.5).toFixed(1)}" text-anchor="end">${tick(value, step)}</text>`,
    );
  }
  const every = Math.max(1, niceStep(epochs, 7));
  for (let epoch = every; epoch <= epochs; epoch += every) {
    parts.push(
      `<text x="${x(epoch).toFixed(1)}" y="${height - 7}" text-anchor="middle">${epoch}</text>`,
    );
  }
  for (const { name, colour, dashed, values } of series) {
    let path = '';
    let pen = false;
    values.forEach((value, index) => {
      if (value !== null)
        path += `${pen ? 'L' : 'M'}${x(index + 1).toFixed(1)} ${y(value).toFixed(1)}`;
      pen = value !== null;
    });
    if (path === '') continue;
    // A single point gets a very short line, whose round caps are visible.
    if (!path.includes('L')) path += 'h0.01';
    parts.push(
      `<path class="curve${dashed ? ' dashed' : ''}" style="stroke:${html(colour)}" d="${path}">` +
        `${titled(name)}</path>`,
    );
  }
  return `<svg class="chart" viewBox="0 0 ${width} ${height}" role="img">${parts.join('')}</svg>`;
}

/** One piece of a stacked bar. */
export interface Piece {
  readonly name: string;
  readonly count: number;
  readonly className: string;
}

/** Draws a horizontal bar of pieces. The length of a piece is its share of the total count. */
export function stackedBar(title: string, pieces: readonly Piece[]): string {
  const total = Math.max(
    1,
    pieces.reduce((sum, piece) => sum + piece.count, 0),
  );
  let at = 0;
  const rects = pieces
    .filter((piece) => piece.count > 0)
    .map((piece) => {
      const width = (piece.count / total) * 100;
      const rect =
        `<rect class="${piece.className}" x="${at.toFixed(3)}" y="0" ` +
        `width="${width.toFixed(3)}" height="6">${titled(`${piece.name}: ${piece.count}`)}</rect>`;
      at += width;
      return rect;
    });
  return (
    `<svg class="stack" viewBox="0 0 100 6" preserveAspectRatio="none" role="img">` +
    `${titled(title)}${rects.join('')}</svg>`
  );
}
