/**
 * The built interface: the files that `npm run build` makes of `renderer/`, each read once. Browsers
 * may keep files with a hash in their name for good.
 */
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHash } from 'node:crypto';
import type { Hono } from 'hono';
import { refusalPage } from '../pages/plain.ts';
import { sendBytes } from '../http/respond.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/**
 * Allows only files from this server; pictures and workers may also come from memory (`blob:`), and
 * pictures from `data:` addresses. `style` attributes in markup are not allowed; scripts may set styles
 * on elements, which needs no permission.
 */
const INTERFACE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The folder of the built interface, whether this code runs from `dist/` or from its sources. */
function interfaceFolder(): string {
  const built = import.meta.url.endsWith('.ts')
    ? new URL('../../../dist/renderer', import.meta.url)
    : new URL('../../../renderer', import.meta.url);
  return fileURLToPath(built);
}

interface File {
  readonly body: Uint8Array;
  readonly type: string;
  readonly etag: string;
  readonly immutable: boolean;
}

async function filesOf(folder: string): Promise<Map<string, File>> {
  const files = new Map<string, File>();
  if (!existsSync(folder)) return files;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const body = new Uint8Array(await readFile(path));
    const address = path.slice(folder.length).replaceAll('\\', '/');
    files.set(address, {
      body,
      type,
      etag: createHash('sha256').update(body).digest('hex').slice(0, 32),
      immutable: address.startsWith('/assets/'),
    });
  }
  return files;
}

export function interfaceRoutes(app: Hono, folder: string = interfaceFolder()): void {
  let files: Promise<Map<string, File>> | null = null;

  app.get('*', async (c, next) => {
    const path = c.req.path === '/' ? '/index.html' : c.req.path;
    if (path.startsWith('/api/')) return next();
    files ??= filesOf(folder);
    const file = (await files).get(path);
    if (!file && path === '/index.html') {
      files = null;
      return refusalPage(404, 'The interface is not built: run “npm run build”.');
    }
    if (!file) return next();
    const page = path === '/index.html';
    return sendBytes(c.req.raw, {
      ...file,
      headers: {
        // Every file carries the policy, because a worker takes the policy of its own script.
        'content-security-policy': INTERFACE_POLICY,
        ...(page && { 'cross-origin-opener-policy': 'same-origin' }),
        'x-content-type-options': 'nosniff',
      },
    });
  });
}
