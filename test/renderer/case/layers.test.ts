import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LayerSwitches } from '../../../renderer/case/layers.svelte.ts';

let kept: Map<string, string>;
beforeEach(() => {
  kept = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
});
afterEach(() => vi.unstubAllGlobals());

const shown = ({ labels, proposal, difference, quality, previous }: LayerSwitches) => ({
  ...{ labels, proposal, difference, quality, previous },
});
const none = (): void => undefined;

it('shows labels and the proposal at first, and remembers the layers that are switched', () => {
  const first = new LayerSwitches(none);
  expect(shown(first)).toEqual({
    ...{ labels: true, proposal: true, difference: false, quality: false, previous: false },
  });
  first.proposal = false;
  first.quality = true;
  first.previous = true;
  expect(shown(new LayerSwitches(none))).toEqual({ ...shown(first), previous: false });
});

it('asks once for a layer that is switched on', () => {
  const wanted = vi.fn();
  const layers = new LayerSwitches(wanted);
  layers.difference = true;
  layers.difference = true;
  layers.labels = false;
  layers.labels = true;
  layers.difference = false;
  expect(wanted).toHaveBeenCalledTimes(1);
});

it.each(['{', '7', 'null', '{"proposal":"yes","more":true}'])('ignores stored %s', (text) => {
  kept.set('overread.layers', text);
  expect(shown(new LayerSwitches(none))).toMatchObject({ labels: true, proposal: true });
});

it('works without a storage', () => {
  vi.stubGlobal('localStorage', undefined);
  const layers = new LayerSwitches(none);
  layers.quality = true;
  expect(layers.quality).toBe(true);
});

it('hides the networks’ layers while the case is veiled, and shows them again afterwards', () => {
  let veiled = false;
  const layers = new LayerSwitches(none, () => veiled);
  layers.difference = true;
  veiled = true;
  expect(shown(layers)).toMatchObject({ labels: true, proposal: false, difference: false });
  layers.quality = true;
  layers.labels = false;
  veiled = false;
  expect(shown(layers)).toMatchObject({ labels: false, proposal: true, difference: true });
  expect(layers.quality).toBe(false);
});
