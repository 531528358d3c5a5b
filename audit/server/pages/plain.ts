/** Pages of one sentence: refused, signed in, nothing open, gone wrong. */
import { html } from 'hono/html';
import type { RecentProject } from '../../contract/api.ts';
import { LOGO, page } from './layout.ts';

export function refusalPage(status: number, sentence: string): Promise<Response> {
  return page(
    'Overread',
    html`<div class="plain">
      <span class="logo">${LOGO}Overread</span>
      <h1>${sentence}</h1>
      ${
        status === 401
          ? html`<p>
              <code>overread serve</code> prints an address with a token when it starts; it opens
              the project in this browser.
            </p>`
          : ''
      }
      ${status === 404 ? html`<p><a class="chip" href="/">Back to the queue</a></p>` : ''}
    </div>`,
    { status },
  );
}

/**
 * Takes the token over into a cookie. A page rather than a redirect: its own refresh counts as
 * same-site, so the strict cookie is sent even when the address was followed from elsewhere.
 */
export function loginPage(cookie: string): Promise<Response> {
  return page(
    'Overread',
    html`<div class="plain">
      <span class="logo">${LOGO}Overread</span>
      <p><a href="/">Opening the project …</a></p>
    </div>`,
    { headers: { 'set-cookie': cookie }, refresh: '0; url=/' },
  );
}

/** No project is open. */
export function startPage(recent: readonly RecentProject[]): Promise<Response> {
  return page(
    'Overread',
    html`<div class="plain">
      <span class="logo">${LOGO}Overread</span>
      <h1>No project is open.</h1>
      ${
        recent.length === 0
          ? html`<p>
              Make one with <code>overread create</code>, or see it work on made-up X-rays with
              <code>overread demo</code>.
            </p>`
          : html`<p>Opened lately:</p>
              <ul class="projects">
                ${recent.map(
                  (project) =>
                    html`<li>
                      <div>
                        <b>${project.name}</b><br />
                        <span class="mute">${project.folder} · ${project.cases} cases</span>
                      </div>
                      ${
                        project.exists
                          ? html`<form class="push" method="post" action="/open">
                              <input type="hidden" name="folder" value="${project.folder}" />
                              <button>Open</button>
                            </form>`
                          : html`<span class="push faint">not found</span>`
                      }
                    </li>`,
                )}
              </ul>`
      }
    </div>`,
  );
}
