import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { route } from '../../../renderer/shared/route.svelte.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';
import NewProject from '../../../renderer/start/NewProject.svelte';
import { mount, taskOf } from '../mounted/index.ts';
import { refusal, serve } from '../mounted/server.ts';
import type { Asked } from '../mounted/server.ts';
import { previewOf } from './drafts.ts';

const PREVIEW = 'POST /api/import/preview';
const formats = [
  { format: 'folders', name: 'Folders', options: [] },
  { format: 'coco', name: 'COCO', options: [] },
];
const routes = {
  'GET /api/import/formats': () => ({ formats }),
  [PREVIEW]: () => previewOf(4),
};
const NO_MASKS = { colour: '#56b4e9', folder: null, coded: null, labels: 0 };
const source = page.getByRole('textbox', { name: /^Folder of the dataset/ });
const begin = page.getByRole('button', { name: /^Import/ });

it('looks at the folder that is named, says what would be imported, and imports it', async () => {
  const task = taskOf({ kind: 'import', title: 'Import of chest' });
  const server = serve({ ...routes, 'POST /api/import': () => task });
  await mount(NewProject, { source: null });
  await expect.element(begin).toBeDisabled();
  await source.fill('/data');
  await userEvent.keyboard('{Enter}');
  await expect.element(begin).toHaveTextContent('Import 4 cases, 8 labels');
  expect(server.sent(PREVIEW)[0]).toMatchObject({ source: '/data' });
  await begin.click();
  session.tasks = [task];
  await expect.element(page.getByRole('progressbar', { name: 'Import of chest' })).toBeVisible();
  expect(server.sent('POST /api/import')[0]).toMatchObject({ project: '/data/chest.overread' });
});

it('says why a folder is no dataset, and lets its folders be named one by one', async () => {
  const sentence = 'No format fits this folder.';
  serve({ ...routes, [PREVIEW]: () => refusal(400, sentence, 'usage') });
  await mount(NewProject, { source: '/data' });
  await expect.element(page.getByRole('alert')).toHaveTextContent(sentence);
  await expect.element(begin).toBeDisabled();
  await page.getByRole('button', { name: 'Choose the folders yourself' }).click();
  await expect
    .element(page.getByRole('textbox', { name: 'Folder of the images' }))
    .toHaveValue('/data');
});

it('imports a folder of images without masks as cases to label', async () => {
  const sentence = 'It has images but no masks.';
  const task = taskOf({ kind: 'import', title: 'Import of xrays' });
  const server = serve({
    ...routes,
    [PREVIEW]: ({ body }: Asked) =>
      JSON.stringify(body).includes('"structures":["lung"]')
        ? previewOf(4, {
            images: '/data/xrays',
            structures: [{ ...NO_MASKS, name: 'lung' }],
          })
        : refusal(400, sentence, 'usage'),
    'POST /api/import': () => task,
  });
  await mount(NewProject, { source: '/data/xrays' });
  await page.getByRole('button', { name: 'Draw the labels of its images' }).click();
  await page.getByRole('textbox', { name: 'Name of the structure' }).fill('lung');
  await userEvent.tab();
  await expect.element(begin).toHaveTextContent('Import 4 cases to label');
  await expect.element(page.getByText('to draw', { exact: true })).toBeVisible();
  await begin.click();
  expect(server.sent('POST /api/import')[0]).toMatchObject({
    options: { images: '/data/xrays', structures: ['lung'] },
    structures: [{ name: 'lung' }],
  });
});

it('takes images without a mask, too, if the person says so', async () => {
  const server = serve(routes);
  await mount(NewProject, { source: '/data' });
  await page.getByRole('switch', { name: 'Images without a mask are cases to label' }).click();
  await expect
    .poll(() => server.sent(PREVIEW).at(-1))
    .toMatchObject({ options: { unlabelled: true } });
});

it('unpacks an archive on asking, and looks at the folder that comes out', async () => {
  const sentence = '/data/export.zip is a ZIP archive: unpack it first.';
  const running = taskOf({ id: 'z1', kind: 'unpack-dataset', title: 'Unpack into /data/export' });
  const server = serve({
    ...routes,
    [PREVIEW]: ({ body }: { body: unknown }) =>
      JSON.stringify(body).includes('.zip') ? refusal(400, sentence, 'archive') : previewOf(4),
    'POST /api/import/unpack': () => running,
  });
  await mount(NewProject, { source: '/data/export.zip' });
  await page.getByRole('button', { name: 'Unpack it into a folder beside it' }).click();
  session.tasks = [running];
  await expect.element(page.getByRole('progressbar', { name: /^Unpack into/ })).toBeVisible();
  expect(server.sent('POST /api/import/unpack')[0]).toEqual({ source: '/data/export.zip' });
  session.tasks = [{ ...running, state: 'done', result: { folder: '/data/export' } }];
  await expect.element(source).toHaveValue('/data/export');
  await expect.element(begin).toHaveTextContent('Import 4 cases, 8 labels');
});

it('says why an archive was not unpacked, and offers it again', async () => {
  const failed = taskOf({ id: 'z2', kind: 'unpack-dataset', title: 'Unpack' });
  serve({
    ...routes,
    [PREVIEW]: () => refusal(400, 'It is a ZIP archive.', 'archive'),
    'POST /api/import/unpack': () => failed,
  });
  await mount(NewProject, { source: '/data/export.zip' });
  await page.getByRole('button', { name: 'Unpack it into a folder beside it' }).click();
  session.tasks = [{ ...failed, state: 'failed', error: 'It has a password.' }];
  await expect.element(page.getByRole('alert')).toHaveTextContent('It has a password.');
  await expect
    .element(page.getByRole('button', { name: 'Unpack it into a folder beside it' }))
    .toBeEnabled();
});

it('reads the dataset again in the format that is chosen', async () => {
  const server = serve(routes);
  await mount(NewProject, { source: '/data' });
  await expect.element(begin).toBeEnabled();
  await page.getByRole('combobox', { name: 'Format' }).selectOptions('COCO');
  await expect.poll(() => server.sent(PREVIEW).at(-1)).toMatchObject({ format: 'coco' });
});

it('does not import where the project cannot be placed', async () => {
  const place = { folder: '/data/chest.overread', problem: 'That folder is taken.', known: false };
  serve({ ...routes, [PREVIEW]: () => previewOf(4, { place }) });
  await mount(NewProject, { source: '/data' });
  await expect.element(page.getByText('That folder is taken.')).toBeVisible();
  await expect.element(begin).toBeDisabled();
});

it('shows what would be left out', async () => {
  const notice = { kind: 'left-out' as const, file: '/data/a.png', reason: 'is empty.' };
  serve({ ...routes, [PREVIEW]: () => previewOf(4, { notices: [notice] }) });
  await mount(NewProject, { source: '/data' });
  await page.getByRole('radio', { name: 'Notices (1)' }).click();
  await expect.element(page.getByText(/a\.png/).first()).toBeVisible();
});

it('goes back to the projects', async () => {
  serve(routes);
  route.go('new');
  await mount(NewProject, { source: null });
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(route.view).toBe('start');
});
