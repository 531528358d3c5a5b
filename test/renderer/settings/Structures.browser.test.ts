import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { session } from '../../../renderer/shared/session.svelte.ts';
import Structures from '../../../renderer/settings/Structures.svelte';
import { mount, projectOf } from '../mounted/index.ts';
import { refusal, serve } from '../mounted/server.ts';

const row = { colour: '#56b4e9', removed: false, labels: 12, worked: 3 };
const rows = [
  { ...row, name: 'lung' },
  { ...row, name: 'heart', colour: '#e69f00' },
];
const ROUTE = '/api/project/structures';
const open = async (answer: () => unknown) => {
  session.project = projectOf();
  const server = serve({
    [`GET ${ROUTE}`]: () => ({ structures: rows }),
    [`POST ${ROUTE}`]: answer,
  });
  await mount(Structures, {});
  return server;
};

it('says before a removal how many labels it takes away, and restores them', async () => {
  const [lung, heart] = rows;
  const server = await open(() => ({ structures: [lung, { ...heart, removed: true }] }));
  await page.getByRole('button', { name: 'Remove heart' }).click();
  await expect
    .element(page.getByText(/^12 labels of it, 3 of them drawn, changed or judged by people/))
    .toBeVisible();
  expect(server.sent(`POST ${ROUTE}`)).toEqual([]);
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  expect(server.sent(`POST ${ROUTE}`)).toEqual([{ change: 'remove', name: 'heart' }]);
  await expect.element(page.getByText('12 labels kept')).toBeVisible();
  await page.getByRole('button', { name: 'Restore heart' }).click();
  expect(server.sent(`POST ${ROUTE}`).at(-1)).toEqual({ change: 'restore', name: 'heart' });
});

it('renames a structure, and keeps the old name if the server refuses', async () => {
  const sentence = 'There is a structure “heart” already: choose another name.';
  const server = await open(() => refusal(400, sentence, 'usage'));
  const name = page.getByRole('textbox', { name: 'Name of lung' });
  await name.fill('heart');
  await userEvent.tab();
  await expect
    .poll(() => server.sent(`POST ${ROUTE}`))
    .toEqual([{ change: 'rename', name: 'lung', to: 'heart' }]);
  await expect.element(name).toHaveValue('lung');
});

it('adds a structure with a colour that none has', async () => {
  const server = await open(() => ({ structures: [...rows, { ...row, name: 'spine' }] }));
  await page.getByRole('textbox', { name: 'Name of a new structure' }).fill('spine');
  await userEvent.keyboard('{Enter}');
  await expect
    .poll(() => server.sent(`POST ${ROUTE}`))
    .toEqual([{ change: 'add', name: 'spine', colour: '#009e73' }]);
  await expect.element(page.getByRole('textbox', { name: 'Name of spine' })).toBeVisible();
});
