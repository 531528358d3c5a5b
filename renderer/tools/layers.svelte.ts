/** Switches of the layers over the image; whoever must load one is told when it is wanted. */
import type { Layers } from './types.ts';

export class LayerSwitches implements Layers {
  readonly #wanted: () => void;
  #labels = $state(true);
  #proposal = $state(false);
  #difference = $state(false);
  #quality = $state(false);
  #previous = $state(false);

  constructor(wanted: () => void) {
    this.#wanted = wanted;
  }

  get labels(): boolean {
    return this.#labels;
  }

  set labels(on: boolean) {
    this.#labels = on;
  }

  get proposal(): boolean {
    return this.#proposal;
  }

  set proposal(on: boolean) {
    this.#proposal = on;
    if (on) this.#wanted();
  }

  get difference(): boolean {
    return this.#difference;
  }

  set difference(on: boolean) {
    this.#difference = on;
    if (on) this.#wanted();
  }

  get quality(): boolean {
    return this.#quality;
  }

  set quality(on: boolean) {
    this.#quality = on;
    if (on) this.#wanted();
  }

  get previous(): boolean {
    return this.#previous;
  }

  set previous(on: boolean) {
    this.#previous = on;
    if (on) this.#wanted();
  }
}
