/** Tells the second window what the stage of this window shows. While there is no second window, it sends nothing. */
import { encodeRect } from '../../audit/contract/runs.ts';
import { wholeOf } from '../drawing/rect.ts';
import type { Rect } from '../drawing/types.ts';
import { session } from '../shared/session.svelte.ts';
import type { Casework } from './casework.ts';
import { Mirror } from './mirror.ts';
import type { Message, Shown } from './mirror.ts';

function shownBy({ opened }: Casework): Shown | null {
  const project = session.project?.folder;
  const caseId = opened.detail?.case.id;
  if (project === undefined || caseId === undefined || !opened.image) return null;
  const { labels, proposal, difference, quality, previous } = opened.layers;
  return {
    type: 'shown',
    project,
    case: caseId,
    veiled: opened.veiled,
    active: opened.activeLabel?.structure.name ?? null,
    looks: opened.labels.map(({ structure, visible, fill, outline }) => ({
      structure: structure.name,
      visible,
      fill,
      outline,
    })),
    layers: { labels, proposal, difference, quality, previous },
    windowing: opened.windowing,
    window: opened.stage.window,
    orientation: opened.stage.orientation,
  };
}

/** A second window that has not answered after this many milliseconds has crashed or was killed. */
const SILENT_MS = 1000;

export class Leader {
  readonly #casework: Casework;
  readonly #id: string;
  #mirror: Mirror | null = null;
  /** Runs while a second window that was asked to close has not answered. */
  #silence: ReturnType<typeof setTimeout> | undefined;
  #followed = $state(false);

  /** @param id the id in the second window's address */
  constructor(casework: Casework, id: string) {
    this.#casework = casework;
    this.#id = id;
  }

  /** Call it in an effect of the review. @returns a function that ends it */
  start(): () => void {
    const mirror = new Mirror(this.#id, (message) => this.#take(message));
    this.#mirror = mirror;
    mirror.send({ type: 'here' });
    $effect(() => {
      const shown = this.#followed ? shownBy(this.#casework) : null;
      if (shown) mirror.send(shown);
    });
    const stop = this.#casework.editor.onPaint((index, rect) => {
      if (this.#followed) this.#sendPixels(index, rect);
    });
    return () => {
      stop();
      clearTimeout(this.#silence);
      mirror.close();
      this.#mirror = null;
    };
  }

  /** Closes the second window. Without one, or if it does not answer, calls `open`. */
  toggle(open: () => void): void {
    if (!this.#followed) return open();
    this.#mirror?.send({ type: 'close' });
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#followed = false;
      open();
    }, SILENT_MS);
  }

  #take(message: Message): void {
    const { opened } = this.#casework;
    if (message.type === 'bye') {
      clearTimeout(this.#silence);
      this.#followed = false;
      // There may be another one.
      this.#mirror?.send({ type: 'here' });
    } else if (message.type === 'windowing') opened.setWindowing(message.windowing);
    else if (message.type === 'hello') {
      this.#followed = true;
      const shown = shownBy(this.#casework);
      if (!shown || !opened.image) return;
      this.#mirror?.send(shown);
      // The server may not have the newest strokes yet.
      if (message.case !== shown.case) return;
      const whole = wholeOf(opened.image.width, opened.image.height);
      opened.labels.forEach((_, index) => this.#sendPixels(index, whole));
    }
  }

  #sendPixels(index: number, rect: Rect): void {
    const { labels, image, detail } = this.#casework.opened;
    const label = labels[index];
    if (!label?.mask || !image || !detail) return;
    const runs = Uint8Array.from(encodeRect(label.mask, image.width, rect));
    const structure = label.structure.name;
    this.#mirror?.send({ type: 'pixels', case: detail.case.id, structure, rect, runs });
  }
}
