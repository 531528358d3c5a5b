/**
 * Switches of the layers over the image. They are remembered in the browser's storage, except for
 * the previous revision, which shows only while its key is held.
 */
import type { Layers } from './types.ts';

type Name = keyof Layers;

const KEY = 'overread.layers';
/** The defaults: the labels and the model's proposals. */
const FIRST: Readonly<Record<Name, boolean>> = {
  labels: true,
  proposal: true,
  difference: false,
  quality: false,
  previous: false,
};

/** The remembered switches; none without storage (a private window, a test), so that the defaults hold. */
function remembered(): Partial<Record<Name, boolean>> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof found !== 'object' || found === null) return {};
    return Object.fromEntries(
      Object.entries(found).filter(([name, on]) => name in FIRST && typeof on === 'boolean'),
    );
  } catch {
    return {};
  }
}

function remember(on: Record<Name, boolean>): void {
  const { labels, proposal, difference, quality } = on;
  try {
    localStorage.setItem(KEY, JSON.stringify({ labels, proposal, difference, quality }));
  } catch {
    // Without storage the next start begins with the defaults.
  }
}

/** Layers that show the networks' output. */
const OF_MODEL: readonly Name[] = ['proposal', 'difference', 'quality'];

export class LayerSwitches implements Layers {
  readonly #wanted: () => void;
  readonly #veiled: () => boolean;
  #on = $state.raw<Record<Name, boolean>>({ ...FIRST, ...remembered(), previous: false });

  /**
   * @param wanted called when a layer that needs data is switched on
   * @param veiled while it returns true, the networks' layers are off and cannot be switched on
   */
  constructor(wanted: () => void, veiled: () => boolean = () => false) {
    this.#wanted = wanted;
    this.#veiled = veiled;
  }

  #switch(name: Name, on: boolean): void {
    if (this.#on[name] === on || (this.#veiled() && OF_MODEL.includes(name))) return;
    this.#on = { ...this.#on, [name]: on };
    if (name !== 'previous') remember(this.#on);
    if (on && name !== 'labels') this.#wanted();
  }

  get labels(): boolean {
    return this.#on.labels;
  }

  set labels(on: boolean) {
    this.#switch('labels', on);
  }

  get proposal(): boolean {
    return this.#on.proposal && !this.#veiled();
  }

  set proposal(on: boolean) {
    this.#switch('proposal', on);
  }

  get difference(): boolean {
    return this.#on.difference && !this.#veiled();
  }

  set difference(on: boolean) {
    this.#switch('difference', on);
  }

  get quality(): boolean {
    return this.#on.quality && !this.#veiled();
  }

  set quality(on: boolean) {
    this.#switch('quality', on);
  }

  get previous(): boolean {
    return this.#on.previous;
  }

  set previous(on: boolean) {
    this.#switch('previous', on);
  }
}
