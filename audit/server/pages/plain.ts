/** Pages of one sentence: refused, signed in, gone wrong. */
import { html } from 'hono/html';
import { LOGO, page } from './layout.ts';

export function refusalPage(status: number, sentence: string): Promise<Response> {
  return page(
    'Overread',
    html`<main>
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
      ${status === 404 ? html`<p><a class="back" href="/">Back to Overread</a></p>` : ''}
    </main>`,
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
    html`<main>
      <span class="logo">${LOGO}Overread</span>
      <p><a href="/">Opening the project …</a></p>
    </main>`,
    { headers: { 'set-cookie': cookie }, refresh: '0; url=/' },
  );
}
