import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { session } from '../../../renderer/shared/session.svelte.ts';
import { TrainForm } from '../../../renderer/train/form.svelte.ts';
import StartPanel from '../../../renderer/train/StartPanel.svelte';
import { mount, projectOf, provide } from '../mounted/index.ts';
import { runOf, runsOf } from './runs.ts';

const number = (name: string) => page.getByRole('spinbutton', { name });
const settings = page.getByText('Settings', { exact: false });

it('starts a training when that is possible', async () => {
  session.project = projectOf();
  await mount(StartPanel, { runs: runsOf([]), form: new TrainForm() });
  const train = page.getByRole('button', { name: /^Train/ });
  await expect.element(train).toBeDisabled();
  const start = vi.fn();
  const stop = provide('train.start', start);
  await train.click();
  expect(start).toHaveBeenCalledOnce();
  stop();
});

it('says what changed since the last run', async () => {
  session.project = projectOf();
  const since = { since: 'a', correctedSince: 3, excludedSince: 1, excluded: 1 };
  await mount(StartPanel, { runs: runsOf([runOf('a')], since), form: new TrainForm() });
  await expect.element(page.getByText('3 corrected')).toBeVisible();
  await expect.element(page.getByText('1 excluded', { exact: true })).toBeVisible();
  await expect.element(page.getByRole('button', { name: /^Train again/ })).toBeInTheDocument();
});

it('says why a project cannot be trained', async () => {
  session.project = projectOf({ writable: false, readOnlyBecause: 'Grace has it open.' });
  await mount(StartPanel, { runs: runsOf([]), form: new TrainForm() });
  await expect.element(page.getByText('Grace has it open.')).toBeVisible();
});

it('says that labels are needed before a training', async () => {
  session.project = projectOf();
  const none = { cases: 0, labels: 0 };
  await mount(StartPanel, { runs: runsOf([], none), form: new TrainForm() });
  await expect
    .element(
      page.getByText('There is no label to learn from: draw labels in at least two cases first.'),
    )
    .toBeVisible();
});

it('counts what is changed in its settings, and takes all of it back', async () => {
  session.project = projectOf();
  const form = new TrainForm();
  await mount(StartPanel, { runs: runsOf([]), form });
  await settings.first().click();
  await number('Epochs').fill('3');
  await page.getByRole('switch', { name: 'From scratch' }).click();
  await expect.element(page.getByText('· 2 changed')).toBeVisible();
  expect(form.request).toMatchObject({ training: { epochs: 3 }, fresh: true });
  await page.getByRole('button', { name: 'Reset to defaults' }).click();
  await expect.element(number('Epochs')).not.toHaveValue(3);
  expect(form.changed).toBe(0);
});

it('says what is wrong at the field and above the form', async () => {
  session.project = projectOf();
  await mount(StartPanel, { runs: runsOf([]), form: new TrainForm() });
  await settings.first().click();
  await number('Epochs').fill('');
  await userEvent.tab();
  await expect.element(number('Epochs')).toHaveAccessibleDescription('a number is needed');
  await expect.element(page.getByRole('alert')).toHaveTextContent('Epochs: a number is needed.');
});

it('takes the values of another preset', async () => {
  session.project = projectOf();
  const form = new TrainForm();
  await mount(StartPanel, { runs: runsOf([]), form });
  await settings.first().click();
  await number('Batch').fill('7');
  await page.getByRole('combobox', { name: 'Preset' }).selectOptions('As published');
  await expect.element(number('Batch')).not.toHaveValue(7);
  expect(form.request.preset).toBe('published');
});
