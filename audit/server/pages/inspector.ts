/** The right side of the review page: how good a case's labels are, why, and what happened to them. */
import { html } from 'hono/html';
import type { CaseDetail } from '../../contract/api.ts';
import type { RankEntry } from '../../contract/terms.ts';
import type { Markup } from './layout.ts';
import type { ReviewModel } from './model.ts';
import { colourOf, dot, histogramChart, number, signed, tone } from './parts.ts';

/** Below which value a score is among the share, by binary search in the ranking. */
function percentiles(entries: readonly RankEntry[]): (score: number) => number {
  return (score) => {
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (entries[middle].score < score) low = middle + 1;
      else high = middle;
    }
    return entries.length === 0 ? 1 : low / entries.length;
  };
}

export function inspector(model: ReviewModel, detail: CaseDetail): Markup {
  const { ranks, labels } = detail;
  const percentileOf = percentiles(model.entries);
  const words = labels
    .filter((label) => label.words.length > 0)
    .sort((a, b) => (a.ranks.rank ?? Infinity) - (b.ranks.rank ?? Infinity))
    .map((label) => label.words.join(' '));
  const moved =
    ranks.previousRank !== null && ranks.rank !== null && ranks.previousRank !== ranks.rank
      ? html`<div class="card">
          <h2>After training again</h2>
          <span class="mute">Rank ${ranks.previousRank} → <b>${ranks.rank}</b></span>
        </div>`
      : '';
  return html`<aside class="inspector">
    <div class="card">
      <h2>Quality</h2>
      ${
        ranks.rank === null
          ? html`<p class="mute">
              Not ranked yet: <code>overread train</code> learns how well each label fits.
            </p>`
          : html`<div class="figure">
                <span class="big ${tone(ranks.percentile)}">${number(ranks.score)}</span>
                <span class="mute">rank ${ranks.rank} of ${model.entries.length}</span>
              </div>
              ${histogramChart(model.insights.histogram, ranks.score, percentileOf)}`
      }
      ${
        words.length > 0
          ? html`<div class="why">
              <ul>
                ${words.map((word) => html`<li>${word}</li>`)}
              </ul>
            </div>`
          : ranks.rank === null
            ? ''
            : html`<p class="why">Nothing about its labels stands out.</p>`
      }
    </div>
    <div class="card">
      <h2>By structure</h2>
      <table>
        <thead>
          <tr>
            <th></th>
            <th>rank</th>
            <th>score</th>
            <th>dice</th>
            <th>boundary</th>
          </tr>
        </thead>
        <tbody>
          ${labels.map(
            ({ structure, ranks: own, reasons }) =>
              html`<tr>
                <td>${dot(colourOf(model.project.structures, structure))} ${structure}</td>
                <td>${own.rank ?? '–'}</td>
                <td class="${tone(own.percentile)}">${number(own.score)}</td>
                <td>${number(reasons?.dice ?? null)}</td>
                <td>
                  ${typeof reasons?.boundary === 'number' ? `${signed(reasons.boundary)} px` : '–'}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${moved}
    <div class="card">
      <h2>History</h2>
      <div class="history">
        ${model.revisions.map(
          ({ structure, text, at }) =>
            html`<div><b>${text}</b><br /><span class="mute">${structure} · ${at}</span></div>`,
        )}
      </div>
    </div>
  </aside>`;
}
