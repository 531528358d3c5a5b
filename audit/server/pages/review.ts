/** The review page: the queue, one case large, and why it is suspected. Works without a script. */
import { html } from 'hono/html';
import type { CaseDetail, CasesPage, Insights, ProjectInfo } from '../../contract/api.ts';
import type { RankEntry, Structure } from '../../contract/terms.ts';
import { LOGO, page } from './layout.ts';
import type { Markup } from './layout.ts';
import {
  dot,
  histogramChart,
  number,
  progressBar,
  scoreBar,
  signed,
  tone,
  verdictTag,
} from './parts.ts';

export interface ReviewModel {
  readonly project: ProjectInfo;
  readonly queue: CasesPage;
  readonly limit: number;
  readonly search: string;
  readonly show: 'all' | 'open';
  readonly insights: Insights;
  /** Worst first; for the histogram's colours. */
  readonly entries: readonly RankEntry[];
  /** The strongest reason of each case on the page, in words. */
  readonly words: ReadonlyMap<string, string>;
  readonly selected: CaseDetail | null;
  /** Whether the picture can show the model's proposal. */
  readonly proposal: boolean;
  /** The case after the selected one: where a verdict leads. */
  readonly next: string | null;
  readonly revisions: readonly { structure: string; text: string; at: string }[];
}

type Link = { case?: string | undefined; offset?: number };

function address(model: ReviewModel, link: Link, show = model.show): string {
  const query = new URLSearchParams();
  const offset = link.offset ?? model.queue.offset;
  if (offset > 0) query.set('offset', String(offset));
  if (model.search !== '') query.set('search', model.search);
  if (show !== 'all') query.set('show', show);
  if (link.case !== undefined) query.set('case', link.case);
  const text = query.toString();
  return text === '' ? '/' : `/?${text}`;
}

const api = (id: string, rest: string): string => `/api/cases/${encodeURIComponent(id)}/${rest}`;

function colourOf(structures: readonly Structure[], name: string | null): string {
  return structures.find((structure) => structure.name === name)?.colour ?? '#7a8594';
}

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

function header({ project, insights, entries }: ReviewModel): Markup {
  const { cases, labels } = insights;
  const reviewed = cases.total - cases.open;
  const errors = labels.fixed + labels.excluded + labels.flagged;
  return html`<header>
    <span class="logo">${LOGO}Overread</span>
    <span class="mute">${project.name} · ${project.cases} cases</span>
    <span class="progress push">
      ${reviewed} of ${cases.total} reviewed · ${errors} ${errors === 1 ? 'error' : 'errors'} found
      ${progressBar(cases.total === 0 ? 0 : reviewed / cases.total)}
    </span>
    ${project.writable ? '' : html`<span class="chip" title="${project.readOnlyBecause}">read-only</span>`}
    <span class="chip ${entries.length > 0 ? 'on' : ''}">
      ${entries.length > 0 ? `${entries.length} ranked` : 'not ranked yet'}
    </span>
  </header>`;
}

function row(model: ReviewModel, entry: CasesPage['entries'][number]): Markup {
  const on = entry.case === model.selected?.case.id;
  const why = model.words.get(entry.case);
  return html`<li>
    <a
      class="row ${on ? 'on' : ''}"
      href="${address(model, { case: entry.case })}"
      ${on ? html`aria-current="true"` : ''}
    >
      <span class="n">${entry.rank ?? '–'}</span>
      <img
        src="${api(entry.case, `picture?size=104&v=${entry.version}`)}"
        width="52"
        height="52"
        loading="lazy"
        alt=""
      />
      <span>
        <span class="name"><b>${entry.case}</b>${verdictTag(entry.verdict)}</span>
        <span class="s">
          ${scoreBar(entry.percentile)} ${number(entry.score)}
          ${entry.worst === null ? '' : dot(colourOf(model.project.structures, entry.worst))}
        </span>
        ${why === undefined ? '' : html`<span class="because" title="${why}">${why}</span>`}
      </span>
    </a>
  </li>`;
}

function queue(model: ReviewModel): Markup {
  const { queue: cases, limit, search, show } = model;
  const last = Math.min(cases.total, cases.offset + limit);
  return html`<aside class="queue">
    <form class="tools" method="get" action="/">
      <input type="search" name="search" value="${search}" placeholder="Search cases" />
      ${show === 'open' ? html`<input type="hidden" name="show" value="open" />` : ''}
      <div>
        <a class="chip ${show === 'all' ? 'on' : ''}" href="${address(model, { offset: 0 }, 'all')}"
          >Worst first</a
        >
        <a
          class="chip ${show === 'open' ? 'on' : ''}"
          href="${address(model, { offset: 0 }, 'open')}"
          >Not reviewed</a
        >
      </div>
    </form>
    <ol class="rows">
      ${
        cases.entries.length === 0
          ? html`<li class="empty">No case fits. <a class="chip" href="/">Show all</a></li>`
          : cases.entries.map((entry) => row(model, entry))
      }
    </ol>
    ${
      cases.total > limit
        ? html`<nav class="pager">
            ${
              cases.offset > 0
                ? html`<a href="${address(model, { offset: Math.max(0, cases.offset - limit) })}"
                    >← Worse</a
                  >`
                : html`<span class="faint">← Worse</span>`
            }
            <span>${cases.offset + 1}–${last} of ${cases.total}</span>
            ${
              last < cases.total
                ? html`<a href="${address(model, { offset: cases.offset + limit })}">Better →</a>`
                : html`<span class="faint">Better →</span>`
            }
          </nav>`
        : ''
    }
  </aside>`;
}

function verdicts(model: ReviewModel, detail: CaseDetail): Markup | '' {
  if (!model.project.writable) return '';
  return html`<form class="float verdicts" method="post" action="/judge">
    <input type="hidden" name="case" value="${detail.case.id}" />
    <input
      type="hidden"
      name="back"
      value="${address(model, { case: model.next ?? detail.case.id })}"
    />
    <button name="verdict" value="accepted" class="primary">Accept</button>
    <button name="verdict" value="excluded">Exclude</button>
    <button name="verdict" value="flagged">Flag</button>
    ${
      detail.case.labels.some(({ verdict }) => verdict !== null)
        ? html`<button name="verdict" value="">Take back</button>`
        : ''
    }
  </form>`;
}

function viewer(model: ReviewModel, detail: CaseDetail): Markup {
  const { case: summary, version } = detail;
  const proposal = model.proposal ? '&proposal=true' : '';
  const spacing = summary.spacing === null ? '' : ` · ${summary.spacing[0]} mm a pixel`;
  return html`<main>
    <img
      class="picture"
      src="${api(summary.id, `picture?size=1024${proposal}&v=${version}`)}"
      alt="${summary.id} with the outlines of its labels"
    />
    <div class="float layers">
      ${model.project.structures.map(
        ({ name, colour }) => html`<span>${dot(colour)} ${name}</span>`,
      )}
      ${model.proposal ? html`<span>${dot('#f5f5f5')} the model’s, dashed</span>` : ''}
    </div>
    <div class="read">
      <b>${summary.id}</b> · ${summary.width} × ${summary.height} · ${summary.bits} bit${spacing}
    </div>
    ${verdicts(model, detail)}
  </main>`;
}

function inspector(model: ReviewModel, detail: CaseDetail): Markup {
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

export function reviewPage(model: ReviewModel): Promise<Response> {
  const { selected } = model;
  return page(
    `${selected ? `${selected.case.id} · ` : ''}${model.project.name} · Overread`,
    html`<div class="app">
      ${header(model)} ${queue(model)}
      ${
        selected
          ? html`${viewer(model, selected)} ${inspector(model, selected)}`
          : html`<main></main>
              <aside class="inspector">
                <div class="empty">
                  ${
                    model.project.cases === 0
                      ? 'The project has no case yet.'
                      : 'Choose a case in the queue.'
                  }
                </div>
              </aside>`
      }
    </div>`,
  );
}
