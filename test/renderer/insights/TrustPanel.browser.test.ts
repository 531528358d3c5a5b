import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import TrustPanel from '../../../renderer/insights/TrustPanel.svelte';
import { notices } from '../../../renderer/shared/notices.svelte.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';
import { mount, projectOf } from '../mounted/index.ts';
import { refusal, serve } from '../mounted/server.ts';

const ROUTE = 'POST /api/project/trust';
const trust = page.getByRole('button', { name: 'Trust this project' });

it('says what a project from elsewhere may not do, and is gone once the person trusts it', async () => {
  session.project = projectOf({ trusted: false });
  const server = serve({ [ROUTE]: () => projectOf() });
  await mount(TrustPanel, {});
  await expect
    .element(page.getByText(/was not made here[^]*\/data\/chest until you trust it/))
    .toBeVisible();
  await trust.click();
  await expect.element(trust).not.toBeInTheDocument();
  expect(server.sent(ROUTE)).toHaveLength(1);
});

it('stays, with a sentence, when the person’s word cannot be kept', async () => {
  session.project = projectOf({ trusted: false });
  serve({ [ROUTE]: () => refusal(400, 'It cannot be kept.', 'read-only') });
  await mount(TrustPanel, {});
  await trust.click();
  await expect.poll(() => notices.list.map(({ text }) => text)).toEqual(['It cannot be kept.']);
  await expect.element(trust).toBeEnabled();
});

it('shows nothing for a project that the person made', async () => {
  session.project = projectOf();
  await mount(TrustPanel, {});
  await expect.element(trust).not.toBeInTheDocument();
});
