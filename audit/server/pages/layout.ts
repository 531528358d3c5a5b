/** The frame of the server's own pages. Hono's `html` escapes all text. */
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { PAGE_POLICY, PAGE_STYLE } from './style.ts';

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

export const LOGO = html`<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
  <defs>
    <linearGradient id="g" x1="0" y1="0" x2="1" y2="1">
      <stop offset="0" stop-color="#4cc2b4" />
      <stop offset="1" stop-color="#2d6cdf" />
    </linearGradient>
  </defs>
  <rect width="16" height="16" rx="5" fill="url(#g)" />
</svg>`;

/**
 * A whole page with its security headers.
 * @param options.refresh seconds and address of the next page: `0; url=/`
 */
export async function page(
  title: string,
  body: Markup,
  options: { status?: number; headers?: Record<string, string>; refresh?: string } = {},
): Promise<Response> {
  const text = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${
          options.refresh === undefined
            ? ''
            : html`<meta http-equiv="refresh" content="${options.refresh}" />`
        }
        <title>${title}</title>
        ${raw(`<style>${PAGE_STYLE}</style>`)}
      </head>
      <body>
        ${body}
      </body>
    </html>`;
  return new Response(text.toString(), {
    status: options.status ?? 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': PAGE_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
      ...options.headers,
    },
  });
}
