// npm run screens [-- PROJECT [SCREEN …]]: takes pictures of every screen, or of those named, in both
// themes and two sizes, into docs/screens.
// PROJECT is a demo project (by default the one that `npm run demo` made here). The script works on a
// copy, gives some verdicts in it and trains a little, so that every screen has something to show.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { launchChromium } from './chromium.mjs';
import { serve } from './serve.mjs';

const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
const SETTLED = 1500;

const root = join(import.meta.dirname, '../..');
const out = join(root, 'docs/screens');
const wanted = process.argv.slice(3);
const source = resolve(process.argv[2] ?? join(root, 'overread-demo/demo.overread'));
if (!existsSync(source)) {
  console.error(`There is no project ${source}: run "npm run demo -- --headless" first.`);
  process.exit(1);
}
const work = mkdtempSync(join(tmpdir(), 'reading-'));
const project = join(work, basename(source));
cpSync(source, project, { recursive: true });
const results = join(work, 'jsrt');
cpSync(join(root, 'docs/benchmark/jsrt'), results, { recursive: true });
mkdirSync(out, { recursive: true });

const env = { ...process.env, OVERREAD_CONFIG: join(work, 'config') };
// A copy is a project from elsewhere, which is only read.
execFileSync(process.execPath, [join(root, 'dist/audit/cli/main.js'), 'trust', project], { env });
const { url, stop } = await serve(project, env);
const browser = await launchChromium();
const page = await browser.newPage({ viewport: SIZES[0] });
await page.goto(url);
await page.getByRole('img', { name: /^X-ray / }).waitFor({ timeout: 60_000 });

const settle = (milliseconds = SETTLED) => page.waitForTimeout(milliseconds);
const press = async (...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};
const ask = (method, path, body) =>
  page.evaluate(
    async ([m, p, b]) => {
      const response = await fetch(p, {
        method: m,
        ...(b !== null && { headers: { 'content-type': 'application/json' }, body: b }),
      });
      return response.json();
    },
    [method, path, body === undefined ? null : JSON.stringify(body)],
  );

/**
 * Gives verdicts to the worst cases and runs a short training, as a person might in a first hour.
 */
async function prepare() {
  const { entries } = await ask('GET', '/api/cases?limit=24');
  const judge = (from, to, verdict) =>
    ask('POST', '/api/verdicts', {
      items: entries.slice(from, to).map((entry) => ({
        case: entry.case,
        structure: verdict === 'accepted' ? null : entry.worst,
      })),
      verdict,
    });
  await judge(1, 9, 'excluded');
  await judge(9, 14, 'excluded');
  await judge(14, 16, 'flagged');
  await judge(16, 24, 'accepted');
  const { runs } = await ask('GET', '/api/runs');
  if (runs.length > 1) return;
  const training = { epochs: 6, validationShare: 0, patience: null };
  const task = await ask('POST', '/api/runs', { training, size: 64 });
  for (;;) {
    const { state } = await ask('GET', `/api/tasks/${task.id}`);
    if (state !== 'running') break;
    await settle(1000);
  }
}

const screens = {
  start: async () => {
    await press('Control+o');
    await settle();
  },
  new: async () => {
    await press('Control+n');
    await page
      .getByRole('textbox', { name: /Folder of the dataset/ })
      .fill(join(dirname(source), 'phantoms'));
    await press('Enter');
    await settle(3000);
  },
  review: async () => {
    await press('Control+1');
    await page.getByRole('img', { name: /^X-ray / }).waitFor();
    await press('Home');
    await settle(6000);
  },
  quality: async () => {
    await press('q');
    await settle(2500);
  },
  palette: async () => {
    await press('q', 'Control+k');
    await settle();
  },
  train: async () => {
    await press('Escape', 'Control+2');
    await page.getByText('Learning curves', { exact: true }).click();
    await settle(2500);
  },
  moved: async () => {
    await page.getByText('Rank changes', { exact: true }).click();
    await settle(2500);
  },
  insights: async () => {
    await press('Control+3');
    await settle(2000);
  },
  benchmark: async () => {
    await press('Control+k');
    await page.getByRole('combobox', { name: 'Find' }).fill('benchmark report');
    await press('Enter');
    const dialog = page.getByRole('dialog', { name: /^Folder of a benchmark/ });
    await settle();
    await dialog.getByRole('textbox', { name: /^Path/ }).fill(results);
    await press('Enter');
    await settle();
    await dialog.getByRole('button', { name: 'Choose this folder' }).click();
    await page.getByRole('heading', { name: 'Benchmark', exact: true }).waitFor();
    await settle();
  },
  settings: async () => {
    await press('Control+,');
    await settle();
  },
  keys: async () => {
    await press('?');
    await settle();
  },
};

try {
  await prepare();
  await page.reload();
  await page.getByRole('img', { name: /^X-ray / }).waitFor({ timeout: 60_000 });
  for (const theme of ['dark', 'light']) {
    await ask('PATCH', '/api/settings', { theme });
    for (const size of SIZES) {
      await page.setViewportSize(size);
      for (const [name, show] of Object.entries(screens)) {
        await show();
        if (wanted.length > 0 && !wanted.includes(name)) continue;
        const path = join(out, `${name}-${theme}-${size.width}.jpg`);
        await page.screenshot({ path, type: 'jpeg', quality: 88 });
        console.log(path);
      }
      await press('Escape');
    }
  }
} finally {
  await browser.close();
  await stop();
  rmSync(work, { recursive: true, force: true });
}
