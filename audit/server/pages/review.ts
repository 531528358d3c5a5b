/** The review page: the queue, one case large, and why it is suspected. Works without a script. */
import { html } from 'hono/html';
import type { CaseDetail, CasesPage } from '../../contract/api.ts';
import { inspector } from './inspector.ts';
import { LOGO, page } from './layout.ts';
import type { Markup } from './layout.ts';
import type { ReviewModel } from './model.ts';
import { colourOf, dot, number, progressBar, scoreBar, verdictTag } from './parts.ts';

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
