import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import Explained from '../../../renderer/shared/Explained.svelte';
import { mount } from '../mounted/index.ts';

const word = page.getByRole('button', { name: 'QAM' });
const meaning = page.getByRole('tooltip');

it('explains a word when Tab reaches it, until Escape or the next Tab', async () => {
  await mount(Explained, { text: 'The QAM is not trained yet' });
  await userEvent.tab();
  await expect.element(word).toHaveFocus();
  await expect.element(meaning).toHaveTextContent(/learns which labels to trust/);
  await userEvent.keyboard('{Escape}');
  await expect.element(meaning).not.toBeInTheDocument();
  await userEvent.keyboard('{Enter}');
  await expect.element(meaning).toBeVisible();
  await userEvent.tab();
  await expect.element(meaning).not.toBeInTheDocument();
});

it('explains a word under the pointer and at a click', async () => {
  await mount(Explained, { text: 'The QAM is not trained yet' });
  await word.hover();
  await expect.element(meaning).toBeVisible();
  await word.click();
  await expect.element(meaning).toBeVisible();
});

it('gives screen readers the meaning as the word’s description, and the sentence unchanged', async () => {
  await mount(Explained, { text: 'The QAM is not trained yet' });
  expect(word.element().getAttribute('aria-description')).toMatch(/^The quality network/);
  expect(document.body.textContent?.trim()).toBe('The QAM is not trained yet');
});
