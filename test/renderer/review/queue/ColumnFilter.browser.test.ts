import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import QueueFilters from '../../../../renderer/review/queue/QueueFilters.svelte';
import { mount } from '../../mounted/index.ts';
import type { Asked } from '../../mounted/server.ts';
import { openReview, rowsOf } from '../cases.ts';

const button = (name: RegExp) => page.getByRole('button', { name });
const choice = (name: RegExp | string) => page.getByRole('menuitemcheckbox', { name });
const field = page.getByRole('combobox', { name: 'Find a patient' });
const option = (name: RegExp) => page.getByRole('option', { name });

/**
 * Mounts the filters for a project with two annotators, ten cases without one, and sixty patients.
 */
async function mountFilters() {
  const patients = Array.from({ length: 60 }, (_, i) => ({
    value: `P${i + 1}`,
    cases: 1 + (i % 2),
  }));
  const annotators = ['Ada', 'Grace'].map((value) => ({ value, cases: 10 }));
  const columns = {
    split: { total: 0, without: 30, values: [] },
    annotator: { total: 2, without: 10, values: annotators },
    patient: { total: 60, without: 0, values: patients },
  };
  const opened = await openReview(rowsOf(30));
  opened.server.answer({
    'GET /api/columns/:column': ({ named, query }: Asked) => {
      const column = named['column'] as keyof typeof columns;
      const { total, without, values } = columns[column];
      const found = values.filter(({ value }) => value.includes(query['search'] ?? ''));
      return { column, total, without, values: found.slice(0, Number(query['limit'] ?? 100)) };
    },
  });
  await mount(QueueFilters, { review: opened.review });
  const asked = (): unknown => opened.server.asked('GET /api/cases').at(-1)?.query;
  return { ...opened, asked };
}

it('chooses from a menu one of a few values, the cases without a value, or all cases', async () => {
  const { asked } = await mountFilters();
  await button(/^Filter: Annotator/).click();
  await choice('Grace').click();
  await expect.element(button(/^Annotator: Grace/)).toBeVisible();
  expect(asked()).toMatchObject({ annotator: 'Grace' });
  await button(/^Annotator: Grace/).click();
  await choice('No annotator').click();
  await expect.element(button(/^Annotator: No annotator/)).toBeVisible();
  expect(asked()).toMatchObject({ annotator: '' });
  await button(/^Annotator/).click();
  await choice('Any annotator').click();
  await expect.element(button(/^Filter: Annotator/)).toBeVisible();
  expect(asked()).not.toHaveProperty('annotator');
});

it('finds one of many values by typing, and chooses it with the arrows and Enter', async () => {
  const { asked } = await mountFilters();
  await button(/^Filter: Patient/).click();
  await expect.element(field).toHaveFocus();
  await expect.element(page.getByText(/^The first 50/)).toBeVisible();
  await field.fill('P5');
  await expect.element(option(/^P51/)).toBeVisible();
  await expect.element(option(/^P4/)).not.toBeInTheDocument();
  await expect.element(option(/^P5\b/)).toHaveAttribute('aria-selected', 'true');
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}');
  await expect.element(option(/^P50/)).toHaveAttribute('aria-selected', 'true');
  await userEvent.keyboard('{Enter}');
  await expect.element(button(/^Patient: P50/)).toBeVisible();
  expect(asked()).toMatchObject({ patient: 'P50' });
  await expect.element(field).not.toBeInTheDocument();
});

it('chooses by click, says how many cases there are, and says when none match', async () => {
  const { asked } = await mountFilters();
  await button(/^Filter: Patient/).click();
  await expect.element(option(/^P2\b/)).toHaveTextContent('2 cases');
  await field.fill('nobody');
  await expect.element(page.getByText('No match.')).toBeVisible();
  await userEvent.keyboard('{Enter}');
  await expect.element(field).toBeVisible();
  await field.fill('P33');
  await option(/^P33/).click();
  await expect.element(button(/^Patient: P33/)).toBeVisible();
  expect(asked()).toMatchObject({ patient: 'P33' });
});
