/** Moves, turns and scales the active label by keys, a step of undo for each key. */
import { SAME, after, apply, boundsOfRings, moveRings } from './affine.ts';
import type { Affine } from './affine.ts';
import { drawnRect } from './difference.ts';
import { middleOf } from './handles.ts';
import type { Ink } from './ink.svelte.ts';
import type { Label } from './label.svelte.ts';
import { keepGuarded } from './masking.ts';
import type { Guard } from './masking.ts';
import { fillOutline, outlineOf } from './outline.ts';
import type { Ring } from './outline.ts';
import { wholeOf } from './rect.ts';
import type { Position } from './types.ts';

interface Extent {
  readonly width: number;
  readonly height: number;
}

/** What the keys have done to a label since anything else changed a label. */
interface Series {
  readonly label: Label;
  readonly steps: number;
  readonly rings: readonly Ring[];
  readonly middle: Position;
  readonly by: Affine;
}

export class Reshaper {
  readonly #ink: Ink;
  #series: Series | null = null;

  constructor(ink: Ink) {
    this.#ink = ink;
  }

  /**
   * Changes a label. Further keys begin from the outline before the first one: ten small turns are as exact as
   * one large turn.
   * @param by the change, about the middle of the label
   */
  step(
    label: Label,
    { width, height }: Extent,
    guards: readonly Guard[],
    by: (middle: Position) => Affine,
  ): void {
    const mask = label.mask;
    if (!mask) return;
    const series = this.#continued(label) ?? this.#begun(label, mask, { width, height });
    if (!series) return;
    const total = after(series.by, by(apply(series.by, series.middle)));
    const rings = moveRings(series.rings, total);
    const changed = new Uint8Array(width * height);
    const rect = boundsOfRings(rings, width, height);
    if (rect) fillOutline({ width, height, mask: changed }, rings, rect);
    keepGuarded(changed, mask, guards, width, wholeOf(width, height));
    this.#ink.replace(label, changed);
    this.#series = { ...series, by: total, steps: this.#ink.steps };
  }

  #continued(label: Label): Series | null {
    const series = this.#series;
    return series?.label === label && series.steps === this.#ink.steps ? series : null;
  }

  #begun(label: Label, mask: Uint8Array, { width, height }: Extent): Series | null {
    const box = drawnRect(mask, width, height);
    if (!box) return null;
    const rings = outlineOf(mask, width, height);
    return { label, steps: this.#ink.steps, rings, middle: middleOf(box), by: SAME };
  }
}
