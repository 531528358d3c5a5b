/** What the queue's list and its gallery share: how they are scrolled, and what a click on a row does. */
import type { Review } from '../review.svelte.ts';

/** Scrolling speed, in screens per millisecond, above which nobody reads the rows (two screens a second). */
const FASTEST = 2 / 1000;
/** Milliseconds without a scroll event after which the rows rest. */
const REST_MS = 90;

/** How far an element is scrolled, and whether slowly enough to read. */
export class Scrolling {
  /** How far the element is scrolled, in CSS pixels. */
  top = $state(0);
  /** False while the element scrolls faster than anybody reads. */
  calm = $state(true);
  /** Time stamp of the last scroll event, in milliseconds. */
  #then = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Takes a scroll event. @param height of the view, in CSS pixels */
  take(event: Event, element: HTMLElement, height: number): void {
    const screens = Math.abs(element.scrollTop - this.top) / height;
    if (screens / (event.timeStamp - this.#then) > FASTEST) this.calm = false;
    this.#then = event.timeStamp;
    this.top = element.scrollTop;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.calm = true), REST_MS);
  }
}

/** A click goes to a row; with Shift it selects up to the row, with Ctrl or ⌘ it selects the row alone. */
export function clickRow(review: Review, event: MouseEvent, index: number): void {
  if (event.shiftKey) void review.queue.selectTo(index);
  else if (event.ctrlKey || event.metaKey) review.queue.toggle(index);
  else void review.go(index);
}
