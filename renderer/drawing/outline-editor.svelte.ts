/** The control points on the active label's outline, as the person moves, adds and removes them. */
import { boundsOfRings } from './affine.ts';
import type { Canvas } from './capsule.ts';
import { controlsOf, nearestPoint, placesOf, pull, straighten } from './controls.ts';
import type { Controls } from './controls.ts';
import type { Gesture } from './gesture.ts';
import type { Label } from './label.svelte.ts';
import { fillOutline, outlineOf } from './outline.ts';
import type { Ring } from './outline.ts';
import { uniteRects } from './rect.ts';
import type { Position, Rect } from './types.ts';

interface Outline {
  readonly label: Label;
  /** How many steps there were when the outline was taken, or last changed by its points. */
  readonly steps: number;
  readonly rings: readonly Ring[];
  readonly controls: readonly Controls[];
}

/** How near the pointer must be to a point or to the outline, in CSS pixels. */
const REACH = 9;
/** How far the polygon through the first control points may be from the outline: CSS and image pixels. */
const TOLERANCE = 4;
const LEAST = 1;

export class OutlineEditor {
  #outline = $state.raw<Outline | null>(null);

  /** The places of a label's control points. @param steps how many steps there are now */
  places(label: Label, width: number, height: number, zoom: number, steps: number): Position[] {
    const { rings, controls } = this.#of(label, width, height, zoom, steps);
    return rings.flatMap((ring, i) => placesOf(ring, controls[i]));
  }

  /**
   * Takes hold of the control point under the pointer, or of the outline there, which gets a new one.
   * @param remove removes the control point instead
   * @returns null if there is nothing under the pointer
   */
  take(
    label: Label,
    canvas: Canvas,
    at: Position,
    zoom: number,
    steps: number,
    remove: boolean,
  ): Gesture | null {
    const { width, height } = canvas;
    const outline = this.#of(label, width, height, zoom, steps);
    const { rings, controls } = outline;
    const reach = REACH / zoom;
    const held = nearestPoint(
      rings.map((ring, i) => controls[i].flatMap((n) => [ring[2 * n], ring[2 * n + 1]])),
      at,
      reach,
    );
    if (remove) return held && this.#remove(outline, canvas, held.ring, held.n);
    if (held) return this.#drag(outline, canvas, held.ring, held.n, at);
    const found = nearestPoint(rings, at, reach);
    if (!found) return null;
    const added = [...controls[found.ring], found.n].sort((a, b) => a - b);
    const next = { ...outline, controls: controls.with(found.ring, added) };
    return this.#drag(next, canvas, found.ring, added.indexOf(found.n), at);
  }

  /** Call it when a gesture became a step: the control points stay. */
  keep(steps: number): void {
    if (this.#outline) this.#outline = { ...this.#outline, steps };
  }

  /** Call it when a gesture was dropped. */
  forget(): void {
    this.#outline = null;
  }

  /** The outline with its points; it is taken again from the mask if anything else changed. */
  #of(label: Label, width: number, height: number, zoom: number, steps: number): Outline {
    const kept = this.#outline;
    if (kept?.label === label && kept.steps === steps) return kept;
    const rings = label.mask ? outlineOf(label.mask, width, height) : [];
    const tolerance = Math.max(LEAST, TOLERANCE / zoom);
    return { label, steps, rings, controls: rings.map((ring) => controlsOf(ring, tolerance)) };
  }

  #drag(outline: Outline, canvas: Canvas, ring: number, k: number, first: Position): Gesture {
    this.#outline = outline;
    const { rings, controls } = outline;
    let shown: Rect | null = boundsOfRings([rings[ring]], canvas.width, canvas.height);
    return {
      move: (points) => {
        const { x, y } = points[points.length - 1];
        const by = { x: x - first.x, y: y - first.y };
        if (by.x === 0 && by.y === 0) return null;
        const moved = rings.with(ring, pull(rings[ring], controls[ring], k, by));
        const rect = this.#show({ ...outline, rings: moved }, canvas, ring, shown);
        shown = boundsOfRings([moved[ring]], canvas.width, canvas.height);
        return rect;
      },
    };
  }

  #remove(outline: Outline, canvas: Canvas, ring: number, k: number): Gesture | null {
    const { rings, controls } = outline;
    if (controls[ring].length <= 3) return null;
    let shown: Rect | null = boundsOfRings([rings[ring]], canvas.width, canvas.height);
    return {
      move: () => {
        if (!shown) return null;
        const straight = rings.with(ring, straighten(rings[ring], controls[ring], k));
        const fewer = controls.with(
          ring,
          controls[ring].filter((_, n) => n !== k),
        );
        const rect = this.#show(
          { ...outline, rings: straight, controls: fewer },
          canvas,
          ring,
          shown,
        );
        shown = null;
        return rect;
      },
    };
  }

  #show(outline: Outline, canvas: Canvas, ring: number, before: Rect | null): Rect | null {
    this.#outline = outline;
    const now = boundsOfRings([outline.rings[ring]], canvas.width, canvas.height);
    const rect = uniteRects(before, now);
    if (rect) fillOutline(canvas, outline.rings, rect);
    return rect;
  }
}
