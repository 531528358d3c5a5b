/** The state of the stage: where the image lies on it, and which sample values are black and white. */
import type { Position, Rect } from '../drawing/types.ts';
import { UPRIGHT, unturnedInsets } from './orientation.ts';
import type { Orientation } from './orientation.ts';
import type { Probe, StageView, Window } from './types.ts';
import { fittedView, kept, NO_INSETS, viewOn, zoomed } from './view.ts';
import type { Insets, Extent } from './view.ts';
import { dragged } from './window.ts';

const NO_SIZE: Extent = { width: 1, height: 1 };

export class Stage {
  view = $state.raw<StageView>({ scale: 1, x: 0, y: 0 });
  window = $state.raw<Window>({ low: 0, high: 255, invert: false });
  /** The place and the sample under the pointer; null while the pointer is off the stage. */
  pointer = $state.raw<Probe | null>(null);
  /** How the image is turned and mirrored for display. */
  orientation = $state.raw<Orientation>(UPRIGHT);
  /** Whether lines cross at the pointer, and whether a glass magnifies what is under it. */
  crosshair = $state(false);
  magnifier = $state(false);
  /** Size of the upright stage in CSS pixels. */
  size = $state.raw<Extent>(NO_SIZE);
  /** Device pixels per CSS pixel. */
  density = $state(1);
  #image: Extent | null = null;
  #insets: Insets = NO_INSETS;
  #fitted = true;

  /**
   * Changes the size of the stage. A fitted image stays fitted; otherwise the image point in the middle
   * stays there.
   */
  resize(size: Extent, density: number): void {
    const before = this.size;
    this.size = size;
    this.density = density;
    if (this.#fitted) return this.fit();
    const { scale, x, y } = this.view;
    this.#set({
      scale,
      x: x + (size.width - before.width) / 2,
      y: y + (size.height - before.height) / 2,
    });
  }

  /** Reserves room at the edges, as they are seen, for the bars that float over the stage. */
  inset(insets: Insets): void {
    this.#insets = insets;
    if (this.#fitted) this.fit();
  }

  /** Turns or mirrors the image for display. */
  orient(orientation: Orientation): void {
    this.orientation = orientation;
    if (this.#fitted) this.fit();
  }

  /** Moves the view so that a point of the image lies in the middle of the stage. */
  centre({ x, y }: Position): void {
    this.#fitted = false;
    const { scale } = this.view;
    const { width, height } = this.size;
    this.#set({ scale, x: width / 2 - x * scale, y: height / 2 - y * scale });
  }

  get #room(): Insets {
    return unturnedInsets(this.#insets, this.orientation);
  }

  /** Shows another image. Place and scale stay if the image has the size of the last one. */
  show(image: Extent): void {
    const same = this.#image?.width === image.width && this.#image.height === image.height;
    this.#image = { width: image.width, height: image.height };
    if (!same || this.#fitted) this.fit();
  }

  fit(): void {
    this.#fitted = true;
    if (this.#image) this.view = fittedView(this.#image, this.size, this.#room);
  }

  /** Shows a part of the image, given in image pixels, in the middle, enlarged. */
  lookAt(part: Rect): void {
    if (!this.#image) return;
    this.#fitted = false;
    this.view = viewOn(part, this.#image, this.size, this.#room);
  }

  /** Shows one image pixel per screen pixel; the point `at` stays where it is. */
  actualSize(at: Position = this.#middle): void {
    this.zoom(1 / this.density / this.view.scale, at);
  }

  /** @param at the point that stays where it is, in CSS pixels of the stage */
  zoom(factor: number, at: Position = this.#middle): void {
    if (!this.#image) return;
    this.#fitted = false;
    this.view = zoomed(this.view, factor, at, this.#image, this.size);
  }

  pan(dx: number, dy: number): void {
    this.#fitted = false;
    this.#set({ ...this.view, x: this.view.x + dx, y: this.view.y + dy });
  }

  /**
   * Changes the window by a drag of (dx, dy) CSS pixels; `OpenCase.keepWindow` keeps it for the next cases.
   * @param range largest minus smallest sample
   */
  dragWindow(dx: number, dy: number, range: number): void {
    this.window = dragged(this.window, dx, dy, range);
  }

  /** The part of the image that is on the stage, in image pixels, not rounded. */
  get shown(): Rect {
    const { scale, x, y } = this.view;
    return {
      x: -x / scale,
      y: -y / scale,
      width: this.size.width / scale,
      height: this.size.height / scale,
    };
  }

  get #middle(): Position {
    return { x: this.size.width / 2, y: this.size.height / 2 };
  }

  #set(view: StageView): void {
    this.view = this.#image ? kept(view, this.#image, this.size) : view;
  }
}
