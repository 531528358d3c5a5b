/** Short messages in a corner of the window: what failed, and what to do. */
import type { Screen } from './route.svelte.ts';

export interface ScreenNotice {
  readonly id: number;
  readonly kind: 'info' | 'done' | 'error';
  readonly text: string;
  /** A notice takes the place of an older one with the same topic. */
  readonly topic?: string;
  /** The only screen on which the notice means something: it ends with it. */
  readonly screen?: Screen;
  /** A button of the notice, “Undo” for example. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

const STAY_MS = 6000;

class Notices {
  list = $state<ScreenNotice[]>([]);
  /** Height at the bottom of the window that the notices leave free, in CSS pixels: a screen may have a bar there. */
  lift = $state(0);
  #next = 1;

  /** Errors stay until they are closed; others disappear by themselves. */
  show(notice: Omit<ScreenNotice, 'id'>): number {
    const id = this.#next++;
    // A sentence that is shown already is not repeated.
    const isOld = ({ text, topic }: ScreenNotice): boolean =>
      text === notice.text || (topic !== undefined && topic === notice.topic);
    this.list = [...this.list.filter((other) => !isOld(other)), { ...notice, id }].slice(-4);
    if (notice.kind !== 'error') setTimeout(() => this.close(id), STAY_MS);
    return id;
  }

  error(text: string): void {
    this.show({ kind: 'error', text });
  }

  /** Closes the notices that fit. */
  drop(fits: (notice: ScreenNotice) => boolean): void {
    if (this.list.some(fits)) this.list = this.list.filter((notice) => !fits(notice));
  }

  close(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }
}

export const notices = new Notices();
