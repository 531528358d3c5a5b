/** A chart that compares values of one unit: each row has a label and a dot for each value. Pure. */
import { html } from './escape.ts';

export interface DotRow {
  readonly label: string;
  readonly dots: readonly {
    readonly name: string;
    /** A CSS colour, or a variable of the page. */
    readonly colour: string;
    readonly value: number;
    readonly lowest: number;
    readonly highest: number;
  }[];
}

const [WIDTH, LABELS, ROW, TOP, RIGHT] = [760, 300, 24, 10, 16];

/**
 * Draws the chart. A line through each dot reaches from its `lowest` to its `highest` value, the extremes
 * over several seeds. A thin line joins the dots of a row.
 * @param axis the values that are marked on the axis and their texts, from one end to the other
 */
export function dots(
  title: string,
  axis: readonly { readonly value: number; readonly text: string }[],
  rows: readonly DotRow[],
): string {
  const [from, to] = [axis[0].value, axis[axis.length - 1].value];
  const x = (value: number): string =>
    (LABELS + ((value - from) / (to - from)) * (WIDTH - LABELS - RIGHT)).toFixed(1);
  const bottom = TOP + rows.length * ROW;
  const parts: string[] = [`<title>${html(title)}</title>`];
  for (const { value, text } of axis) {
    parts.push(
      `<line class="grid" x1="${x(value)}" x2="${x(value)}" y1="${TOP}" y2="${bottom}"/>`,
      `<text x="${x(value)}" y="${bottom + 16}" text-anchor="middle">${html(text)}</text>`,
    );
  }
  rows.forEach((row, index) => {
    const y = TOP + (index + 0.5) * ROW;
    const values = row.dots.map(({ value }) => value);
    parts.push(
      `<text class="row" x="${LABELS - 12}" y="${y + 4}" text-anchor="end">${html(row.label)}</text>`,
      `<line class="grid" x1="${x(Math.min(...values))}" x2="${x(Math.max(...values))}" y1="${y}" y2="${y}"/>`,
    );
    for (const { name, colour, value, lowest, highest } of row.dots) {
      const said = `${row.label}, ${name}: ${value.toFixed(4)}`;
      parts.push(
        `<g style="stroke:${html(colour)};fill:${html(colour)}"><title>${html(said)}</title>` +
          `<line x1="${x(lowest)}" x2="${x(highest)}" y1="${y}" y2="${y}" stroke-width="2"/>` +
          `<circle cx="${x(value)}" cy="${y}" r="4.5" stroke="none"/></g>`,
      );
    }
  });
  return `<svg class="chart" viewBox="0 0 ${WIDTH} ${bottom + 24}" role="img">${parts.join('')}</svg>`;
}
