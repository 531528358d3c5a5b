/** The figures of a report's page. Pure: results in, HTML out. */
import { curves } from '../report/charts.ts';
import { html } from '../report/escape.ts';
import type { Group } from './summary.ts';

const CLEAN = 'var(--ok)';
const DAMAGED = 'var(--bad)';

/** The paper's figure 4: what the weights do to the loss, epoch by epoch. */
export function epochFigures(groups: readonly Group[]): string {
  const shown = groups.filter(
    ({ spec, lines }) => spec.method !== 'no-qam' && lines[0].result.damaged > 0,
  );
  if (shown.length === 0) return '';
  const charts = shown.map(({ noise, method, lines }) => {
    const { curves: epochs, warmUp } = lines[0].result;
    const name = `${noise}, ${method}`;
    const loss = curves({
      title: `${name}: dice loss by epoch`,
      warmUp,
      series: [
        { name: 'clean', colour: CLEAN, values: epochs.map((one) => one.loss.clean) },
        { name: 'damaged', colour: DAMAGED, values: epochs.map((one) => one.loss.damaged) },
        {
          name: 'clean, weighted',
          colour: CLEAN,
          dashed: true,
          values: epochs.map((one) => one.weighted.clean),
        },
        {
          name: 'damaged, weighted',
          colour: DAMAGED,
          dashed: true,
          values: epochs.map((one) => one.weighted.damaged),
        },
      ],
    });
    const weights = curves({
      title: `${name}: weights by epoch`,
      warmUp,
      series: [
        { name: 'clean', colour: CLEAN, values: epochs.map((one) => one.weight.clean) },
        { name: 'damaged', colour: DAMAGED, values: epochs.map((one) => one.weight.damaged) },
        {
          name: '5 % of all',
          colour: 'var(--mute)',
          dashed: true,
          values: epochs.map((one) => one.spread[0]),
        },
        {
          name: '95 % of all',
          colour: 'var(--mute)',
          dashed: true,
          values: epochs.map((one) => one.spread[1]),
        },
      ],
    });
    return (
      `<div class="panel"><h3>${html(name)}</h3><div class="grid two"><div>` +
      `<p class="note">Dice loss; dashed: times the weight</p>${loss}</div><div>` +
      `<p class="note">Weights (1: as much say as everybody); dashed: 5 and 95 % of all cases</p>` +
      `${weights}</div></div></div>`
    );
  });
  return (
    '<section><h2>How the QAM changes the loss</h2><p class="note">Training cases, seed ' +
    `${shown[0].lines[0].cell.seed}: <span class="okText">clean</span> and ` +
    `<span class="badText">damaged</span>.</p><div class="grid">${charts.join('')}</div></section>`
  );
}
