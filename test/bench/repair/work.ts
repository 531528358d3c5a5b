/** A label that is being repaired, and what the repair has cost so far. */
import { drawnRect } from '../../../renderer/drawing/difference.ts';
import type { Position, Rect } from '../../../renderer/drawing/types.ts';

/** Width of the chest on a film, in millimetres, by which pixels become millimetres. */
const FILM_MM = 350;
/**
 * A press of a button or key counts as much as this way of the pointer, in millimetres: it takes about as long to
 * aim and press as to draw a centimetre.
 */
export const PRESS_MM = 10;
/** The repair is done when the dice with the truth is this. */
export const ENOUGH = 0.97;

export interface Case {
  readonly width: number;
  readonly height: number;
  readonly samples: Uint16Array;
  /** Largest minus smallest sample of the window in which the person sees the image. */
  readonly span: number;
  readonly truth: Uint8Array;
  readonly damaged: Uint8Array;
  /** The mask that a model proposes. */
  readonly proposal: Uint8Array;
}

export class Repair {
  readonly of: Case;
  mask: Uint8Array;
  /** Millimetres that the pointer went, with the button down or on the way to the next press. */
  millimetres = 0;
  /** Where the pointer is. */
  #at: Position | null = null;
  presses = 0;
  /** The size of brush and nudge, in pixels; the window begins with this one. */
  #radius = 12;

  constructor(of: Case) {
    this.of = of;
    this.mask = of.damaged.slice();
  }

  get canvas(): { width: number; height: number; mask: Uint8Array } {
    return { width: this.of.width, height: this.of.height, mask: this.mask };
  }

  get dice(): number {
    return diceOf(this.mask, this.of.truth);
  }

  get done(): boolean {
    return this.dice >= ENOUGH;
  }

  /** Presses and way in one number, in millimetres. */
  get work(): number {
    return this.millimetres + PRESS_MM * this.presses;
  }

  /** Takes note of the way to a press, and of the way with the button down. */
  drag(way: readonly Position[]): void {
    this.presses += 1;
    this.millimetres += this.wayTo(way[0]) + this.millimetresOf(lengthOf(way));
    this.#at = way[way.length - 1];
  }

  /** Millimetres from where the pointer is. */
  wayTo(place: Position): number {
    const from = this.#at;
    return from ? this.millimetresOf(Math.hypot(from.x - place.x, from.y - place.y)) : 0;
  }

  millimetresOf(pixels: number): number {
    return (pixels * FILM_MM) / this.of.width;
  }

  /** Takes a size; another one than before counts as a press. */
  take(radius: number): void {
    if (radius !== this.#radius) this.presses += 1;
    this.#radius = radius;
  }

  /** What a press with a tool of this size counts, in millimetres. */
  costOf(radius: number): number {
    return radius === this.#radius ? PRESS_MM : 2 * PRESS_MM;
  }

  /** A repair that goes on from here by itself. */
  copy(): Repair {
    const copy = new Repair(this.of);
    copy.mask = this.mask.slice();
    copy.millimetres = this.millimetres;
    copy.presses = this.presses;
    copy.#radius = this.#radius;
    copy.#at = this.#at;
    return copy;
  }

  /** Goes on as another repair has. */
  become(other: Repair): void {
    this.mask = other.mask;
    this.millimetres = other.millimetres;
    this.presses = other.presses;
    this.#radius = other.#radius;
    this.#at = other.#at;
  }

  box(mask: Uint8Array = this.mask): Rect {
    const { width, height } = this.of;
    return drawnRect(mask, width, height) ?? { x: 0, y: 0, width: 1, height: 1 };
  }
}

function lengthOf(way: readonly Position[]): number {
  let length = 0;
  for (let i = 1; i < way.length; i += 1) {
    length += Math.hypot(way[i].x - way[i - 1].x, way[i].y - way[i - 1].y);
  }
  return length;
}

export function diceOf(a: Uint8Array, b: Uint8Array): number {
  let both = 0;
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) {
    both += a[i] & b[i];
    sum += a[i] + b[i];
  }
  return sum === 0 ? 1 : (2 * both) / sum;
}
