/** Pieces of the review page: bars, numbers, the histogram of scores. */
import { html } from 'hono/html';
import type { Insights } from '../../contract/api.ts';
import type { Structure, Verdict } from '../../contract/terms.ts';
import type { Markup } from './layout.ts';

/** From which share of the ranking on a score is shown as middling, and as good. */
const WARN = 0.1;
const GOOD = 0.3;

export const COLOURS = { bad: '#ff6b5e', warn: '#f2b84b', ok: '#58c98b' } as const;

/** Worst tenth, next fifth, rest. */
export function tone(percentile: number | null): keyof typeof COLOURS {
  if (percentile === null || percentile >= GOOD) return 'ok';
  return percentile < WARN ? 'bad' : 'warn';
}

/** A minus sign as typographers set it, so that columns align. */
export function number(value: number | null, digits = 2): string {
  if (value === null) return '–';
  const text = value.toFixed(digits);
  return Number(text) < 0 ? `−${text.slice(1)}` : text.replace(/^-/, '');
}

export function signed(value: number | null, digits = 1): string {
  if (value === null) return '–';
  const text = number(value, digits);
  return Number(value.toFixed(digits)) > 0 ? `+${text}` : text;
}

export function colourOf(structures: readonly Structure[], name: string | null): string {
  return structures.find((structure) => structure.name === name)?.colour ?? '#7a8594';
}

export function dot(colour: string): Markup {
  return html`<svg width="9" height="9" viewBox="0 0 9 9" aria-hidden="true">
    <circle cx="4.5" cy="4.5" r="4.5" fill="${colour}" />
  </svg>`;
}

/** Its length is the place in the ranking, its colour the tone. */
export function scoreBar(percentile: number | null): Markup {
  const share = percentile ?? 0;
  return html`<svg width="74" height="4" viewBox="0 0 74 4" aria-hidden="true">
    <rect width="74" height="4" rx="2" fill="#2a313b" />
    ${
      percentile === null
        ? ''
        : html`<rect
            width="${Math.max(4, Math.round(share * 74))}"
            height="4"
            rx="2"
            fill="${COLOURS[tone(percentile)]}"
          />`
    }
  </svg>`;
}

export function progressBar(share: number): Markup {
  return html`<svg width="150" height="5" viewBox="0 0 150 5" aria-hidden="true">
    <rect width="150" height="5" rx="2.5" fill="#1a1f26" />
    <rect width="${Math.round(share * 150)}" height="5" rx="2.5" fill="#4cc2b4" />
  </svg>`;
}

const VERDICT_TONE: Readonly<Record<Verdict, string>> = {
  accepted: 'mute',
  fixed: 'ok',
  excluded: 'bad',
  flagged: 'warn',
};

export function verdictTag(verdict: Verdict | null): Markup | '' {
  return verdict === null ? '' : html`<span class="tag ${VERDICT_TONE[verdict]}">${verdict}</span>`;
}

/** The spread of all scores, with a line where this one stands. */
export function histogramChart(
  histogram: Insights['histogram'],
  score: number | null,
  /** The share of scores below a value, for its colour. */
  percentileOf: (score: number) => number,
): Markup {
  const { low, high, counts } = histogram;
  const [width, height] = [316, 64];
  const most = Math.max(1, ...counts);
  const step = width / counts.length;
  const at = (value: number): number => (high > low ? (value - low) / (high - low) : 0.5) * width;
  return html`<svg
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="Where this score stands among all"
  >
    ${counts.map((count, i) => {
      if (count === 0) return '';
      // The root keeps a handful of bad labels visible beside a thousand good ones.
      const bar = Math.max(2, Math.sqrt(count / most) * (height - 8));
      const middle = low + ((i + 0.5) / counts.length) * (high - low);
      return html`<rect
        x="${(i * step + 0.75).toFixed(2)}"
        y="${(height - bar).toFixed(2)}"
        width="${(step - 1.5).toFixed(2)}"
        height="${bar.toFixed(2)}"
        rx="1"
        fill="${COLOURS[tone(percentileOf(middle))]}"
      />`;
    })}
    ${
      score === null
        ? ''
        : html`<rect
            x="${Math.min(width - 2, Math.max(0, at(score) - 1)).toFixed(2)}"
            y="0"
            width="2"
            height="${height}"
            fill="#ffffff"
          />`
    }
  </svg>`;
}
