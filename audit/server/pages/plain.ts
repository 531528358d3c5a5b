/** Pages of one sentence: a refusal, and the page that signs a browser in. */
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
 * Sets the token as a cookie and goes on to the application. A redirect would not do: if the person
 * came from another site, the browser would not send a SameSite=Strict cookie with the redirected
 * request. It does send the cookie when this page refreshes itself to the application.
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
