/** The style of the server's own pages. It is inline; the content security policy holds its hash. */
import { createHash } from 'node:crypto';

export const PAGE_STYLE = `
:root{color-scheme:dark}
*{box-sizing:border-box}
body{margin:0;background:#0b0d10;color:#e6e9ee;
font:13px/1.45 Inter,"Segoe UI",system-ui,-apple-system,"DejaVu Sans",sans-serif}
a{color:inherit;text-decoration:none}
a:focus-visible{outline:2px solid #4cc2b4;outline-offset:2px}
main{max-width:560px;margin:14vh auto;padding:0 24px}
h1{font-size:21px;font-weight:600;margin:18px 0 8px}
p{color:#9aa4b2;margin:8px 0}
code{color:#e6e9ee;background:#1a1f26;border-radius:5px;padding:2px 6px}
.logo{font-weight:650;letter-spacing:.2px;display:flex;gap:8px;align-items:center}
.back{padding:2px 9px;border-radius:20px;border:1px solid #252b34;font-size:12px}
`;

const STYLE_HASH = createHash('sha256').update(PAGE_STYLE).digest('base64');

/** Allows this style only: no script, no picture, no form. */
export const PAGE_POLICY =
  `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'none'; ` +
  "base-uri 'none'; frame-ancestors 'none'";
