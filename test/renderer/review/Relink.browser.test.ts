import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import Relink from '../../../renderer/review/Relink.svelte';
import { notices } from '../../../renderer/shared/notices.svelte.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';
import { mount, projectOf } from '../mounted/index.ts';
import { refusal, serve } from '../mounted/server.ts';

const ROUTE = 'POST /api/project/relink';
const field = page.getByRole('textbox', { name: 'Folder of the dataset' });
const link = page.getByRole('button', { name: 'Relink', exact: true });

it('begins with the project’s current folder, and gives the project another with Enter', async () => {
  session.project = projectOf();
  const moved = projectOf({ origin: { format: 'folders', root: '/mnt/chest' } });
  const server = serve({ [ROUTE]: () => moved });
  await mount(Relink, {});
  await page.getByRole('button', { name: 'Relink images' }).click();
  await expect.element(field).toHaveValue('/data/chest');
  await field.fill('/mnt/chest');
  await userEvent.keyboard('{Enter}');
  await expect.element(field).not.toBeInTheDocument();
  expect(server.sent(ROUTE)).toEqual([{ root: '/mnt/chest' }]);
  expect(session.project.origin.root).toBe('/mnt/chest');
  expect(notices.list.map(({ kind }) => kind)).toEqual(['done']);
});

it('keeps the folder that was typed when the images are not there, and says so', async () => {
  session.project = projectOf();
  serve({ [ROUTE]: () => refusal(404, 'No image is there.', 'not-found') });
  await mount(Relink, {});
  await page.getByRole('button', { name: 'Relink images' }).click();
  await field.fill(' ');
  await expect.element(link).toBeDisabled();
  await field.fill('/nowhere');
  await link.click();
  await expect.poll(() => notices.list.map(({ text }) => text)).toEqual(['No image is there.']);
  await expect.element(field).toHaveValue('/nowhere');
  await expect.element(link).toBeEnabled();
});
