import { expect, it, onTestFinished } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import ReviewScreen from '../../../../renderer/review/Review.svelte';
import { mount } from '../../mounted/index.ts';
import { openReview, rowOf, rowsOf } from '../cases.ts';

const gallery = page.getByRole('listbox', { name: /^Gallery/ });
const cell = (name: RegExp) => gallery.getByRole('option', { name });
const current = (): string | undefined =>
  /c\d+/.exec(
    document.querySelector('[id^=gallery-cell][aria-current=true]')?.textContent ?? '',
  )?.[0];

async function openGallery(
  rows = rowsOf(30),
): Promise<{ verdicts: () => string[]; columns: number }> {
  await page.viewport(1600, 900);
  onTestFinished(() => page.viewport(1280, 800));
  const { world } = await openReview(rows);
  await mount(ReviewScreen, {});
  await expect.element(page.getByRole('img', { name: /^X-ray c1/ })).toBeVisible();
  await userEvent.keyboard('{Shift>}Q{/Shift}');
  await expect.element(gallery).toBeVisible();
  await expect.element(cell(/\bc1$/)).toBeVisible();
  const tops = [...document.querySelectorAll('[id^=gallery-cell]')].map(
    (each) => each.getBoundingClientRect().top,
  );
  const first = Math.min(...tops);
  return { verdicts: () => world.verdicts, columns: tops.filter((top) => top === first).length };
}

it('walks over the pictures with the arrows, and shows one large with Enter', async () => {
  const { verdicts, columns } = await openGallery();
  expect(columns).toBeGreaterThan(3);
  await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowDown}');
  await expect.poll(current).toBe(`c${columns + 3}`);
  await userEvent.keyboard('{ArrowUp}{ArrowLeft}');
  await expect.poll(current).toBe('c2');
  await userEvent.keyboard('{ArrowUp}');
  await expect.poll(current).toBe('c2');
  await userEvent.keyboard('{Enter}');
  await expect.element(gallery).not.toBeInTheDocument();
  await expect.element(page.getByRole('img', { name: /^X-ray c2/ })).toBeVisible();
  expect(verdicts()).toEqual([]);
});

it('judges many pictures at a time', async () => {
  const { verdicts } = await openGallery();
  await userEvent.keyboard('{Shift>}{ArrowRight}{ArrowRight}{/Shift}');
  await expect.poll(current).toBe('c3');
  await expect.element(page.getByText('3 cases selected')).toBeVisible();
  await userEvent.keyboard('x');
  await expect.poll(verdicts).toEqual(['c1, c2, c3: excluded']);
  await expect.element(cell(/excluded.*\bc2$/i)).toBeVisible();
  await userEvent.keyboard('{ArrowRight}');
  await expect.poll(current).toBe('c4');
  await userEvent.keyboard(' ');
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  await userEvent.keyboard(' ');
  await expect.element(page.getByText('2 cases selected')).toBeVisible();
  await userEvent.keyboard('a');
  await expect.poll(() => verdicts().at(-1)).toBe('c4, c6: accepted');
});

it('has the labels of one structure, each with its picture', async () => {
  await openGallery();
  await userEvent.keyboard('l');
  await expect.element(cell(/\bc1 heart$/)).toBeVisible();
  const address = cell(/\bc1 heart$/)
    .element()
    .querySelector('img')
    ?.getAttribute('src');
  expect(address).toContain('/api/cases/c1/picture?');
  expect(address).toContain('structure=heart');
});

it('renders only the cells in view of a long list, whichever part that is', async () => {
  await openGallery(Array.from({ length: 5000 }, (_, i) => rowOf(i + 1, { percentile: 0.5 })));
  const cells = (): number => document.querySelectorAll('[id^=gallery-cell]').length;
  expect(cells()).toBeLessThan(80);
  gallery.element().scrollTop = 1e6;
  await expect.element(cell(/\bc5000$/)).toBeVisible();
  expect(cells()).toBeLessThan(80);
  await userEvent.keyboard('{End}');
  await expect.poll(current).toBe('c5000');
});
