/** The content of the stage, and the levels of detail that drawing it needs. Pure. */
import type { QualityMap } from '../../audit/contract/client.ts';
import type { MaskPlane } from '../drawing/label.svelte.ts';
import type { ImageReady } from '../case/pixels.ts';
import { LEVELS } from '../drawing/pyramid.ts';
import { clipped } from '../drawing/rect.ts';
import type { Rect } from '../drawing/types.ts';
import type { StageView, Window } from '../case/types.ts';

/** Red, green and blue, 0 … 1 each. */
export type Colour = readonly [number, number, number];

interface SceneLabel {
  readonly plane: MaskPlane | null;
  readonly model: MaskPlane | null;
  readonly colour: Colour;
  /** Opacity of fill and outline, 0 … 1; 0 hides them. */
  readonly fill: number;
  readonly outline: number;
  /** Whether the model's proposal is needed, for its outline or for the difference from it. */
  readonly modelled: boolean;
  readonly active: boolean;
}

export interface Scene {
  readonly image: ImageReady;
  readonly labels: readonly SceneLabel[];
  readonly quality: QualityMap | null;
  readonly difference: boolean;
  /** Whether the model's outlines are drawn. */
  readonly proposal: boolean;
  readonly view: StageView;
  readonly window: Window;
  readonly background: Colour;
  /** Device pixels per CSS pixel. */
  readonly density: number;
}

export function colourOf(hex: string): Colour {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

/** Half the width of an outline, and of the active label's outline, in CSS pixels. */
export const HALF_WIDTH = 0.65;
export const HALF_WIDTH_ACTIVE = 1;
/** How far from a pixel the shader looks for an outline, in CSS pixels. */
export const REACH = 1.25;

export interface Detail {
  /** Levels of the pyramid: of the image, of the masks, and the one whose pixels are the blocks. */
  readonly image: number;
  readonly mask: number;
  readonly block: number;
  /**
   * How steeply values change between neighbouring samples. 1 interpolates bilinearly; the number of device
   * pixels per image pixel shows each image pixel as a sharp square.
   */
  readonly sharp: number;
}

/**
 * @param scale device pixels per image pixel
 * @param density device pixels per CSS pixel
 */
export function detailFor(scale: number, density: number): Detail {
  const halvings = Math.max(0, -Math.log2(scale));
  const image = Math.min(LEVELS, Math.round(halvings));
  const mask = Math.min(LEVELS, Math.max(0, Math.ceil(halvings - 0.4)));
  // The side of a block is 7 to 14 CSS pixels: longer than `REACH`, and so long that there are few blocks.
  const block = Math.min(LEVELS, Math.max(1, Math.ceil(Math.log2((7 * density) / scale))));
  // From 3 to 4 device pixels per image pixel, interpolation gives way to sharp squares.
  const share = Math.min(1, Math.max(0, scale - 3));
  return { image, mask, block, sharp: 1 + (scale - 1) * share };
}

/**
 * The rectangle of device pixels that a change within `rect` of a mask can affect, or null if all of it is
 * outside of the stage.
 */
export function damageOf(
  rect: Rect,
  view: StageView,
  density: number,
  width: number,
  height: number,
): Rect | null {
  const scale = view.scale * density;
  const margin = 2 * REACH * density + 2 * 2 ** detailFor(scale, density).mask * scale + 1;
  return clipped(
    Math.floor(rect.x * scale + view.x * density - margin),
    Math.floor(rect.y * scale + view.y * density - margin),
    Math.ceil((rect.x + rect.width) * scale + view.x * density + margin),
    Math.ceil((rect.y + rect.height) * scale + view.y * density + margin),
    width,
    height,
  );
}

/** Smallest and largest value of a map. If all are equal, the value less 0.5 and the value plus 0.5. */
export function rangeOf(values: Float32Array): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high > low ? [low, high] : [low - 0.5, low + 0.5];
}
