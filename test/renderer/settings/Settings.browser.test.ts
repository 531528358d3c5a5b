import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Settings as Held } from '../../../audit/contract/api.ts';
import { notices } from '../../../renderer/shared/notices.svelte.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';
import Settings from '../../../renderer/settings/Settings.svelte';
import { mount } from '../mounted/index.ts';
import { refusal, serve } from '../mounted/server.ts';

const ROUTE = 'PATCH /api/settings';
const held: Held = {
  theme: 'dark',
  reviewer: 'Ada',
  backend: null,
  keys: {},
  blindChecks: true,
  clickModel: null,
};
const reviewer = page.getByRole('textbox', { name: /^Name/ });

function serveSettings() {
  session.settings = held;
  return serve({ [ROUTE]: ({ body }) => ({ ...session.settings, ...(body as Partial<Held>) }) });
}

it('changes the theme, and remembers it', async () => {
  const server = serveSettings();
  await mount(Settings, {});
  await page.getByRole('radio', { name: 'Light' }).click();
  await expect.poll(() => session.settings?.theme).toBe('light');
  expect(server.sent(ROUTE)).toEqual([{ theme: 'light' }]);
});

it('takes another name, and the one of the account when it is empty', async () => {
  const server = serveSettings();
  await mount(Settings, {});
  await expect.element(reviewer).toHaveValue('Ada');
  await reviewer.fill(' Grace ');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => session.settings?.reviewer).toBe('Grace');
  await reviewer.fill('');
  await userEvent.tab();
  await expect.poll(() => session.settings?.reviewer).toBeNull();
  expect(server.sent(ROUTE)).toEqual([{ reviewer: 'Grace' }, { reviewer: null }]);
});

it('says why a change could not be kept', async () => {
  const server = serveSettings();
  server.answer({ [ROUTE]: () => refusal(500, 'The settings are locked.') });
  await mount(Settings, {});
  await page.getByRole('radio', { name: 'Light' }).click();
  await expect
    .poll(() => notices.list.map(({ text }) => text))
    .toEqual(['The settings are locked.']);
  await expect.element(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
});
