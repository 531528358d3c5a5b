// npm run build && node test/e2e/screens-datasets.mjs [PROJECT]: takes pictures of the window with
// datasets of other formats, in both themes, into docs/screens. PROJECT is a demo project; it is
// exported as DICOM, COCO and labelme, and each is imported, trained a little, and shown in review. The
// project itself is only read.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchChromium } from './chromium.mjs';
import { giveAs } from './given.mjs';
import { MAIN, serve } from './serve.mjs';

const SIZE = { width: 1280, height: 800 };
const SETTLED = 1500;
const TRAINING = ['--epochs', '24', '--size', '64'];

const root = join(import.meta.dirname, '../..');
const source = resolve(process.argv[2] ?? join(root, 'overread-demo/demo.overread'));
if (!existsSync(source)) {
  console.error(`There is no project ${source}: run "npm run demo -- --headless" first.`);
  process.exit(1);
}
const work = mkdtempSync(join(tmpdir(), 'reading-'));
const overread = (...args) =>
  execFileSync(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });

const given = giveAs(source, work);
// Makes the project elsewhere than the window proposes, so that the pictures show a place that is free.
const placeOf = (name) => join(work, 'projects', `${name}.overread`);
mkdirSync(join(work, 'projects'));
for (const [name, path] of Object.entries(given)) {
  const project = placeOf(name);
  overread('create', project, '--from', path);
  overread('train', project, ...TRAINING);
}

const { url, stop } = await serve(undefined, {
  ...process.env,
  OVERREAD_CONFIG: join(work, 'config'),
});
const browser = await launchChromium();
const page = await browser.newPage({ viewport: SIZE });
await page.goto(url);
await page.locator('main:not([aria-busy="true"])').waitFor();

const settle = (milliseconds = SETTLED) => page.waitForTimeout(milliseconds);
const ask = (method, path, body) =>
  page.evaluate(
    async ([m, p, b]) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(p, { method: m, headers, body: b });
      return response.json();
    },
    [method, path, JSON.stringify(body)],
  );

async function open(project) {
  await ask('POST', '/api/projects/open', { folder: project });
  await page.reload();
  await page.getByRole('img', { name: /^X-ray / }).waitFor({ timeout: 60_000 });
}

async function review(name) {
  await open(placeOf(name));
  await page.keyboard.press('Home');
  await settle(6000);
  // Scrolls to the end of the inspector, where it shows what the dataset says of the image.
  await page.getByRole('complementary', { name: 'Inspector' }).evaluate((panel) => {
    panel.scrollTop = panel.scrollHeight;
  });
  await settle();
}

async function look(path, format) {
  await page.keyboard.press('Control+n');
  const folder = page.getByRole('textbox', { name: /^Folder of the dataset/ });
  await folder.fill(path);
  await folder.press('Enter');
  if (format) await page.getByRole('combobox', { name: 'Format' }).selectOption({ label: format });
  await settle(3000);
}

const screens = {
  'review-dicom': () => review('dicom'),
  'review-coco': () => review('coco'),
  'review-labelme': () => review('labelme'),
  'new-coco': () => look(given.coco),
  'new-wrong': () => look(given.labelme, 'DICOM'),
  losses: async () => {
    await open(placeOf('labelme'));
    await page.keyboard.press('Control+3');
    const format = page.getByRole('combobox', { name: 'Format' });
    await format.selectOption({ label: 'PASCAL VOC' });
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByText('Label by label').click({ timeout: 120_000 });
    await settle();
  },
};

try {
  for (const theme of ['dark', 'light']) {
    await ask('PATCH', '/api/settings', { theme });
    for (const [name, show] of Object.entries(screens)) {
      await show();
      const path = join(root, `docs/screens/${name}-${theme}-${SIZE.width}.jpg`);
      await page.screenshot({ path, type: 'jpeg', quality: 88 });
      console.log(path);
    }
  }
} finally {
  await browser.close();
  await stop();
  rmSync(work, { recursive: true, force: true });
}
