import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import ProjectCard from '../../../renderer/start/ProjectCard.svelte';
import { mount } from '../mounted/index.ts';

const project = {
  folder: '/data/chest.overread',
  name: 'chest',
  openedAt: '2026-11-01T10:00:00.000Z',
  cases: 1200,
  review: { reviewed: 300, found: 12 },
  picture: null,
  exists: true,
};
const propsOf = (change: Partial<typeof project> = {}) => ({
  project: { ...project, ...change },
  opening: false,
  current: false,
  onopen: vi.fn<() => void>(),
  onforget: vi.fn<() => void>(),
});

it('opens by a click anywhere on it, and by its button from the keyboard', async () => {
  const props = propsOf();
  await mount(ProjectCard, props);
  await expect
    .element(page.getByText('300 of 1,200 cases reviewed · 12 errors found'))
    .toBeVisible();
  await page.getByRole('article').click({ position: { x: 60, y: 60 } });
  expect(props.onopen).toHaveBeenCalledOnce();
  await userEvent.keyboard('{Enter}');
  expect(props.onopen).toHaveBeenCalledTimes(2);
});

it('forgets from its menu, without opening', async () => {
  const props = propsOf();
  await mount(ProjectCard, props);
  await page.getByRole('button', { name: 'More actions for chest' }).click();
  await page.getByRole('menuitem', { name: 'Remove from this list' }).click();
  expect(props.onforget).toHaveBeenCalledOnce();
  expect(props.onopen).not.toHaveBeenCalled();
});

it('cannot be opened where its folder is gone, and says so', async () => {
  const props = propsOf({ exists: false });
  await mount(ProjectCard, props);
  await expect.element(page.getByText(/^The folder was moved or deleted/)).toBeVisible();
  await expect
    .element(page.getByRole('button', { name: 'chest', exact: true }))
    .not.toBeInTheDocument();
  await page.getByRole('button', { name: 'Remove from this list', exact: true }).click();
  expect(props.onforget).toHaveBeenCalledOnce();
});
