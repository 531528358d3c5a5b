// Measures the reference, the labelmap brush of cornerstone3D, from its npm packages, on a page of its
// own.
import { spawnSync } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { launch, openPage, traceStroke } from './browser.mjs';
import { latencies } from './latency.mjs';
import { benchFolder } from './project.mjs';

export const VERSION = '5.14.0';
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

/**
 * Installs cornerstone3D if it is not there yet, and builds the page.
 * @returns the folder to serve
 */
async function buildPage() {
  const folder = benchFolder(`cornerstone-${VERSION}`);
  await mkdir(folder, { recursive: true });
  if (!existsSync(join(folder, 'node_modules', '@cornerstonejs', 'tools'))) {
    console.error(`fetching cornerstone3D ${VERSION}`);
    await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}');
    const own = ['core', 'tools'].map((name) => `@cornerstonejs/${name}@${VERSION}`);
    // cornerstone3D's XML reader needs Node's module `events`, here from npm.
    const packages = [...own, 'events@3.3.0'];
    const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder];
    const npm = spawnSync('npm', ['install', ...options, ...packages], { encoding: 'utf8' });
    if (npm.status !== 0) throw new Error(`cornerstone3D could not be fetched: ${npm.stderr}`);
  }
  await cp(fileURLToPath(new URL('./cornerstone-page', import.meta.url)), folder, {
    recursive: true,
  });
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    base: './/',
    build: { outDir: join(folder, 'dist'), emptyOutDir: true, target: 'chrome130' },
    worker: { format: 'es' },
  });
  return join(folder, 'dist');
}

async function serveFolder(folder) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = join(folder, pathname === '/' ? 'index.html' : pathname);
    readFile(file).then(
      (bytes) => {
        response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
        response.end(bytes);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { address: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
}

export async function measureCornerstone(size, radii) {
  const { address, stop } = await serveFolder(await buildPage());
  const browser = await launch();
  try {
    const page = await openPage(browser, `${address}?size=${size}`);
    await page.waitForFunction('window.ready === true', null, { timeout: 240_000 });
    await page.waitForTimeout(2000);
    // The first stroke is not measured, as with our brush: the browser still compiles code then.
    await traceStroke(browser, page, page.locator('#stage'));
    const found = [];
    for (const radius of radii) {
      await page.evaluate(`setRadius(${radius})`);
      const before = await page.evaluate('drawn()');
      const values = latencies(await traceStroke(browser, page, page.locator('#stage')));
      if ((await page.evaluate('drawn()')) <= before) throw new Error('cornerstone drew nothing');
      found.push({ radius, values });
    }
    return found;
  } finally {
    await browser.close();
    stop();
  }
}
