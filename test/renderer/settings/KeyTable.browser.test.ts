import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { notices } from '../../../renderer/shared/notices.svelte.ts';
import { LEFT_HANDED } from '../../../renderer/settings/presets.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';
import KeyTable from '../../../renderer/settings/KeyTable.svelte';
import { mount } from '../mounted/index.ts';

const key = (title: string) => page.getByRole('button', { name: new RegExp(`^Key of “${title}”`) });

/** Mounts the table with these keys. A changed key goes into the settings and back to the table. */
async function table(keys: Record<string, string> = {}) {
  const take = (next: Record<string, string>): void => {
    session.settings = {
      theme: 'dark',
      reviewer: null,
      backend: null,
      blindChecks: true,
      clickModel: null,
      keys: next,
    };
  };
  take(keys);
  const onchange = vi.fn<(next: Record<string, string>) => void>();
  const change = await mount(KeyTable, { keys, onchange });
  onchange.mockImplementation((next) => {
    take(next);
    void change({ keys: next });
  });
  return onchange;
}

it('takes the next key that is pressed', async () => {
  const onchange = await table();
  await key('Accept, and next').click();
  await expect.element(key('Accept, and next')).toHaveTextContent('Press a key …');
  await userEvent.keyboard('{Control>}{Shift>}9{/Shift}{/Control}');
  expect(onchange).toHaveBeenCalledOnce();
  expect(Object.keys(onchange.mock.calls[0][0])).toEqual(['verdict.accepted']);
  await expect.element(key('Accept, and next')).not.toHaveTextContent('Press a key …');
});

it('takes no key on Escape', async () => {
  const onchange = await table();
  await key('Accept, and next').click();
  await userEvent.keyboard('{Escape}');
  await expect.element(key('Accept, and next')).toHaveTextContent('A');
  expect(onchange).not.toHaveBeenCalled();
});

it('takes a key from another action only when the person agrees', async () => {
  const onchange = await table();
  await key('Accept, and next').click();
  await userEvent.keyboard('x');
  const alert = page.getByRole('alert');
  await expect.element(alert).toHaveTextContent('belongs to “Exclude, and next”.');
  await alert.getByRole('button', { name: 'Keep' }).click();
  await expect.element(alert).not.toBeInTheDocument();
  expect(onchange).not.toHaveBeenCalled();
  await key('Accept, and next').click();
  await userEvent.keyboard('x');
  await page.getByRole('button', { name: 'Reassign' }).click();
  expect(onchange).toHaveBeenCalledExactlyOnceWith({
    'verdict.accepted': 'X',
    'verdict.excluded': '',
  });
  await expect.element(key('Exclude, and next')).toHaveTextContent('no key');
});

it('refuses a key that the browser keeps', async () => {
  const onchange = await table();
  await key('Accept, and next').click();
  await userEvent.keyboard('{F11}');
  await expect
    .element(page.getByRole('alert'))
    .toHaveTextContent(/The browser or the system uses this key/);
  expect(onchange).not.toHaveBeenCalled();
});

it('gives one action, or all, their own key back', async () => {
  const onchange = await table({ 'verdict.accepted': 'Y', 'verdict.excluded': 'P' });
  await page.getByRole('button', { name: 'Reset to default' }).first().click();
  expect(onchange).toHaveBeenLastCalledWith({ 'verdict.excluded': 'P' });
  await page.getByRole('button', { name: 'Reset all' }).click();
  expect(onchange).toHaveBeenLastCalledWith({});
});

it('sets the left-handed keys, and gives back the keys that the person had', async () => {
  const own = { 'verdict.accepted': 'Y' };
  const onchange = await table(own);
  await page.getByRole('button', { name: 'Left-handed' }).click();
  expect(onchange).toHaveBeenLastCalledWith(LEFT_HANDED);
  await expect.element(key('Brush')).toHaveTextContent('O');
  expect(notices.list[0]?.action?.label).toBe('Undo');
  notices.list[0]?.action?.run();
  expect(onchange).toHaveBeenLastCalledWith(own);
});

it('finds an action by its words and by its key', async () => {
  await table();
  const search = page.getByRole('searchbox', { name: 'Search actions' });
  await search.fill('exclude');
  await expect.element(key('Accept, and next')).not.toBeInTheDocument();
  await search.fill('x');
  await expect.element(key('Exclude, and next')).toBeVisible();
  await search.fill('zzzz');
  await expect.element(page.getByText('No matching action')).toBeVisible();
});
