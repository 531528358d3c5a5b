import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { client } from '../../../renderer/shared/api.ts';
import FormatOptions from '../../../renderer/start/FormatOptions.svelte';
import { mount } from '../mounted/index.ts';
import { draftOf, previewOf } from './drafts.ts';

it('asks nothing where the format takes no options', async () => {
  const draft = await draftOf(previewOf(1));
  draft.formats = [{ format: 'folders', name: 'Folders', options: [] }];
  await mount(FormatOptions, { draft });
  await expect.element(page.getByRole('textbox')).not.toBeInTheDocument();
  await expect.element(page.getByRole('radio')).not.toBeInTheDocument();
});

it('looks at the dataset again with the options that are chosen', async () => {
  const draft = await draftOf(previewOf(1));
  draft.formats = [
    { format: 'folders', name: 'Folders', options: ['sides', 'manifest', 'labelsFrom'] },
  ];
  await mount(FormatOptions, { draft });
  await page.getByRole('radio', { name: 'Two structures' }).click();
  await page.getByRole('textbox', { name: 'Manifest file' }).fill('/data/m.csv');
  await page.getByRole('textbox', { name: /^Predictions/ }).fill('/data/predicted');
  await userEvent.tab();
  const options = { sides: 'apart', manifest: '/data/m.csv', labelsFrom: '/data/predicted' };
  const asked = vi.mocked(client.previewImport).mock;
  await expect.poll(() => asked.lastCall?.[0].options).toEqual(options);
});
