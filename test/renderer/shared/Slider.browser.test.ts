import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import Slider from '../../../renderer/shared/Slider.svelte';
import { mount } from '../mounted/index.ts';

const thumb = page.getByRole('slider', { name: 'Fill' });
const props = { label: 'Fill', value: 40, minimum: 0, maximum: 100, step: 10 };

it('moves by its step with the arrows, and not past its ends', async () => {
  const onchange = vi.fn();
  const change = await mount(Slider, { ...props, onchange });
  (thumb.element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowRight}');
  expect(onchange).toHaveBeenLastCalledWith(50);
  await change({ value: 100 });
  await userEvent.keyboard('{ArrowRight}');
  expect(Math.max(...onchange.mock.calls.map(([value]) => Number(value)))).toBeLessThanOrEqual(100);
  await userEvent.keyboard('{Home}');
  expect(onchange).toHaveBeenLastCalledWith(0);
});

it('reads its value out in words', async () => {
  const said = (value: number): string => `${value} %`;
  await mount(Slider, { ...props, said, onchange: () => undefined });
  await expect.element(thumb).toHaveAttribute('aria-valuetext', '40 %');
  await expect.element(thumb).toHaveAttribute('aria-valuenow', '40');
});
