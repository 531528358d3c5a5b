import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import QueueRow from '../../../../renderer/review/queue/QueueRow.svelte';
import { mount } from '../../mounted/index.ts';
import { rankedOf, rowOf } from '../cases.ts';

const props = {
  ranked: rankedOf(),
  current: false,
  selected: false,
  place: null,
  pictured: true,
  wide: false,
};
const picture = (): Element | null => document.querySelector('img[src^="/api/cases/"]');

const textOf = (name: string): string =>
  page.getByText(name).element().closest('.grid')?.textContent?.replace(/\s+/g, ' ').trim() ?? '';

it('shows rank, name and the number that orders the list', async () => {
  const expected = { dice: 0.64, low: 0.6, high: 0.69 };
  const change = await mount(QueueRow, { ...props, row: rowOf(4) });
  expect(textOf('c4')).toBe('4 c4 expected dice 0.64');
  await expect.element(page.getByTitle(/of all its labels$/).first()).toBeVisible();
  await change({ row: rowOf(4, { structure: 'heart', expected }) });
  await expect.element(page.getByTitle(/0\.60 – 0\.69$/).first()).toBeVisible();
});

it('names another number than the expected dice, and compares it with the others', async () => {
  const change = await mount(QueueRow, { ...props, row: rowOf(4, { number: 'agreement' }) });
  expect(textOf('c4')).toBe('4 c4 agreement with the model 0.64 agreement');
  await expect.element(page.getByTitle(/^Agreement with the model: better/).first()).toBeVisible();
  await change({ row: rowOf(4, { number: 'learned', score: -1.2 }) });
  expect(textOf('c4')).toBe('4 c4 learned score −1.20 learned');
  await expect.element(page.getByTitle(/better than 10 %$/).first()).toBeVisible();
});

it('never shows a lower number further down, however it is rounded', async () => {
  const scores = [0.7049, 0.7051, 0.70511, 0.7149, 0.7151];
  const change = await mount(QueueRow, { ...props, row: rowOf(1) });
  const shown: number[] = [];
  for (const [at, score] of scores.entries()) {
    await change({ row: rowOf(at + 1, { score }) });
    shown.push(Number(/[\d.]+$/.exec(textOf(`c${at + 1}`))?.[0]));
  }
  expect(shown).toEqual([0.7, 0.71, 0.71, 0.71, 0.72]);
});

it('tells nothing of the ranking in a blind check', async () => {
  const unknown = { rank: null, score: null, number: null, percentile: null, worst: null };
  await mount(QueueRow, { ...props, place: 7, row: rowOf(4, { blind: true, ...unknown }) });
  await expect.element(page.getByText('blind check')).toBeVisible();
  await expect.element(page.getByText('7', { exact: true })).toBeVisible();
  await expect.element(page.getByText('not ranked')).not.toBeInTheDocument();
});

it('says that a case is not ranked, or was changed since', async () => {
  const unknown = { rank: null, score: null, number: null, percentile: null };
  const change = await mount(QueueRow, { ...props, row: rowOf(4, unknown) });
  await expect.element(page.getByText('not ranked')).toBeVisible();
  await expect.element(page.getByText('–')).toBeVisible();
  await change({ row: rowOf(4, { stale: true }) });
  await expect.element(page.getByTitle('Changed since it was scored')).toBeVisible();
});

it('says of a case that nobody has labelled that it has no label, and gives no score', async () => {
  const unknown = { rank: null, score: null, number: null, percentile: null };
  const labels = rowOf(4).labels.map((label) => ({ ...label, state: 'absent' as const }));
  await mount(QueueRow, { ...props, row: rowOf(4, { ...unknown, labels }) });
  expect(textOf('c4')).toBe('– c4 no label. It has no label: draw one.');
});

it('says which structure was not learned, and why', async () => {
  const ranked = rankedOf({ unlearned: [{ structure: 'heart', why: 'only 4 are drawn' }] });
  const unknown = { structure: 'heart', rank: null, score: null, number: null, percentile: null };
  const change = await mount(QueueRow, { ...props, ranked, row: rowOf(4, unknown) });
  const why = 'The heart was not learned: only 4 are drawn.';
  await expect.element(page.getByTitle(why)).toHaveTextContent(`not ranked. ${why}`);
  await change({ row: rowOf(4, { ...unknown, structure: 'lung' }) });
  await expect.element(page.getByTitle(/^Nobody had drawn it/)).toBeVisible();
});

it('counts the labels with a verdict until the case has one', async () => {
  const [lung, heart] = rowOf(1).labels;
  const labels = [{ ...lung, verdict: 'accepted' as const }, heart];
  const change = await mount(QueueRow, { ...props, row: rowOf(1, { labels }) });
  await expect.element(page.getByText('1/2')).toBeVisible();
  await change({ row: rowOf(1, { labels, verdict: 'accepted' }) });
  await expect.element(page.getByText('1/2')).not.toBeInTheDocument();
  await expect.element(page.getByText(/accepted/i)).toBeVisible();
});

it('loads no other picture while the list scrolls fast', async () => {
  const change = await mount(QueueRow, { ...props, row: rowOf(1) });
  expect(picture()?.getAttribute('src')).toMatch(/^\/api\/cases\/c1\/picture\?/);
  await change({ row: rowOf(2), pictured: false });
  await expect.element(page.getByText('c2')).toBeVisible();
  expect(picture()).toBeNull();
  await change({ row: rowOf(2), pictured: true });
  await expect.poll(() => picture()?.getAttribute('src')).toMatch(/^\/api\/cases\/c2\/picture\?/);
});
