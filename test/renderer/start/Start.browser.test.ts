import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { route } from '../../../renderer/shared/route.svelte.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';
import Start from '../../../renderer/start/Start.svelte';
import { mount, projectOf, provide, taskOf } from '../mounted/index.ts';
import { refusal, serve } from '../mounted/server.ts';

const LIST = 'GET /api/projects';
const button = (name: RegExp | string) => page.getByRole('button', { name });
const project = (name: string) => ({
  folder: `/data/${name}.overread`,
  name,
  openedAt: '2026-11-01T10:00:00.000Z',
  cases: 10,
  review: null,
  picture: null,
  exists: true,
});
const demo = {
  state: 'none',
  cases: 60,
  folder: '/home/ada/demo',
  project: '/home/ada/demo/demo.overread',
};
const routes = {
  [LIST]: () => ({ projects: [project('chest'), project('hand')] }),
  'GET /api/demo': () => demo,
};

it('begins with two ways in where there is no project yet', async () => {
  const task = taskOf({ kind: 'demo' });
  const server = serve({
    ...routes,
    [LIST]: () => ({ projects: [] }),
    'POST /api/demo': () => task,
  });
  const stop = provide('go.new', () => undefined);
  await mount(Start, { packed: null });
  await button('Try the demo').click();
  await expect.poll(() => server.sent('POST /api/demo')).toHaveLength(1);
  session.tasks = [task];
  await expect.element(button('Try the demo')).toBeDisabled();
  await button(/^New project/).click();
  expect(route.view).toBe('new');
  await button(/unpack a project file/).click();
  await expect.element(page.getByRole('dialog')).toBeVisible();
  stop();
});

it('lists the projects, and forgets one without deleting it', async () => {
  const server = serve({
    ...routes,
    'POST /api/projects/forget': () => ({ projects: [project('hand')] }),
  });
  await mount(Start, { packed: null });
  await expect.poll(() => page.getByRole('article').elements()).toHaveLength(2);
  await button('More actions for chest').click();
  await page.getByRole('menuitem', { name: 'Remove from this list' }).click();
  await expect.poll(() => page.getByRole('article').elements()).toHaveLength(1);
  expect(server.sent('POST /api/projects/forget')).toEqual([{ folder: '/data/chest.overread' }]);
});

it('opens a project and goes to its review', async () => {
  const server = serve({ ...routes, 'POST /api/projects/open': () => projectOf() });
  await mount(Start, { packed: null });
  await button('chest').first().click();
  await expect.poll(() => route.view).toBe('review');
  expect(server.sent('POST /api/projects/open')).toEqual([{ folder: '/data/chest.overread' }]);
  expect(session.project?.name).toBe('chest');
});

it('says why the projects cannot be listed, and tries again', async () => {
  const server = serve({ ...routes, [LIST]: () => refusal(500, 'The list is damaged.') });
  await mount(Start, { packed: null });
  await expect.element(page.getByText('The list is damaged.')).toBeVisible();
  server.answer({ [LIST]: () => ({ projects: [project('chest')] }) });
  await button('Try again').click();
  await expect.element(page.getByRole('article')).toBeVisible();
});

it('asks where to unpack a file that was dropped', async () => {
  serve(routes);
  await mount(Start, { packed: '/data/chest.overread.zip' });
  const field = page.getByRole('textbox', { name: 'Packed project' });
  await expect.element(field).toHaveValue('/data/chest.overread.zip');
});
