import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import MatchTable from '../../../renderer/start/MatchTable.svelte';
import { mount } from '../mounted/index.ts';
import { draftOf, previewOf } from './drafts.ts';

const table = page.getByRole('table', { name: 'Images to import' });
const row = (id: string) => page.getByRole('row', { name: new RegExp(`^${id}\\b`) });

it('says for each image which masks it has', async () => {
  await mount(MatchTable, { draft: await draftOf(previewOf(4)) });
  await expect.element(table).toHaveAttribute('aria-rowcount', '5');
  await expect.element(row('c1')).toBeVisible();
  expect(row('c1').getByText('has a mask').elements()).toHaveLength(2);
  expect(row('c2').getByText('has a mask').elements()).toHaveLength(1);
  await expect.element(row('c1')).toHaveTextContent('images/c1.png');
});

it('leaves out a structure that is not taken', async () => {
  const draft = await draftOf(previewOf(4));
  await mount(MatchTable, { draft });
  const heart = page.getByRole('columnheader', { name: 'heart' });
  await expect.element(heart).toBeVisible();
  draft.rows[1].included = false;
  await expect.element(heart).not.toBeInTheDocument();
});

it('renders only the rows in view, and others when they are scrolled to by keyboard', async () => {
  const draft = await draftOf(previewOf(2000));
  await mount(MatchTable, { draft });
  await expect.element(row('c1')).toBeVisible();
  expect(page.getByRole('row').elements().length).toBeLessThan(100);
  (table.element() as HTMLElement).focus();
  await userEvent.keyboard('{End}');
  await expect.element(row('c2000')).toBeInTheDocument();
  await expect.element(row('c1')).not.toBeInTheDocument();
});

it('has columns for splits and annotators where the dataset names them', async () => {
  const [one] = previewOf(1).cases;
  const cases = [{ ...one, split: 'train', annotator: 'Ada' }];
  const draft = await draftOf(previewOf(1, { splits: true, annotators: true, cases }));
  await mount(MatchTable, { draft });
  await expect.element(page.getByRole('columnheader', { name: 'Split' })).toBeVisible();
  await expect.element(row('c1')).toHaveTextContent(/train\s*Ada/);
});
