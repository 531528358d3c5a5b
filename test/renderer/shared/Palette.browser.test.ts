import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { client } from '../../../renderer/shared/api.ts';
import Palette from '../../../renderer/shared/Palette.svelte';
import { route } from '../../../renderer/shared/route.svelte.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';
import { mount, projectOf, provide } from '../mounted/index.ts';

const find = page.getByRole('combobox', { name: 'Find' });
const option = (name: RegExp | string) => page.getByRole('option', { name });
const train = vi.fn();
const theme = vi.fn();
let stops: (() => void)[] = [];

beforeEach(async () => {
  train.mockClear();
  theme.mockClear();
  stops = [provide('go.train', train), provide('theme', theme)];
  await mount(Palette, {});
  await userEvent.keyboard('{Control>}k{/Control}');
  await expect.element(find).toHaveFocus();
});
afterEach(() => stops.forEach((stop) => stop()));

it('offers what does something now, finds it by a few letters, and runs it on Enter', async () => {
  await expect.element(option(/^Train/)).toBeVisible();
  await expect.element(option(/^Insights/)).not.toBeInTheDocument();
  await userEvent.keyboard('dark');
  await expect.element(option(/^Toggle dark theme/)).toHaveAttribute('aria-selected', 'true');
  await expect.element(option(/^Train/)).not.toBeInTheDocument();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => theme.mock.calls.length).toBe(1);
  await expect.element(find).not.toBeInTheDocument();
});

it('moves with the arrows, from the last to the first, and says which one it is on', async () => {
  const selected = (): string | undefined =>
    page.getByRole('option', { selected: true }).element().textContent?.trim();
  const first = selected();
  await userEvent.keyboard('{ArrowDown}');
  await expect.poll(selected).not.toBe(first);
  await userEvent.keyboard('{ArrowDown}');
  await expect.poll(selected).toBe(first);
  const active = find.element().getAttribute('aria-activedescendant') ?? '';
  expect(document.getElementById(active)?.getAttribute('aria-selected')).toBe('true');
});

it('says that nothing was found, and closes on Escape without running anything', async () => {
  await find.fill('zzzz');
  await expect.element(page.getByText('No match.')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(find).not.toBeInTheDocument();
  expect(train).not.toHaveBeenCalled();
});

it('says where an action works that can do nothing on this screen', async () => {
  await find.fill('opacity');
  const status = page.getByRole('status');
  await expect
    .element(status)
    .toHaveTextContent('“Opacity of the labels” belongs to the review: open a project.');
  session.project = projectOf();
  await expect.element(status).toHaveTextContent(/go there with Ctrl\+1\.$/);
  await find.fill('start training');
  await expect.element(status).toHaveTextContent('“Start training” can do nothing now.');
});

it('finds cases of the open project, and goes to the one that is clicked', async () => {
  session.project = projectOf();
  const cases = vi
    .spyOn(client, 'cases')
    .mockResolvedValue({ entries: [{ case: 'c 12' }] } as never);
  await find.fill('12');
  await option('c 12').click();
  await expect.poll(() => [route.view, route.argument]).toEqual(['review', 'c 12']);
  expect(cases.mock.calls[0]?.[0]).toMatchObject({ search: '12' });
});
