/** What drawing uses of the open case, and of the chosen tool. */
import type { ImagePixels } from '../../audit/contract/client.ts';
import type { Label, MaskPlane } from './label.svelte.ts';
import type { Guard } from './masking.ts';
import type { Ground } from './region.ts';
import type { Problem } from './scribble.ts';
import type { ToolName } from './types.ts';

/** What a person points at: points inside or outside, and a box (left, top, right, bottom). */
export interface Prompts {
  readonly points: readonly { readonly x: number; readonly y: number; readonly inside: boolean }[];
  readonly box: readonly [number, number, number, number] | null;
}

/** The parts of the open case that drawing uses. */
export interface Board {
  readonly image: ImagePixels | null;
  readonly labels: readonly Label[];
  readonly activeLabel: Label | null;
  readonly layers: { labels: boolean };
  readonly stage: {
    readonly view: { readonly scale: number };
    readonly window: { readonly low: number; readonly high: number };
  };
}

/** The chosen tool and its settings. */
export interface Pen {
  readonly tool: ToolName;
  /** Radius of the brush, in image pixels; 0.5 draws one pixel. */
  readonly radius: number;
  /** The brush draws only on pixels whose sample is in this range; null: on all pixels. */
  readonly range: { readonly low: number; readonly high: number } | null;
  /** How different a pixel may be from the clicked one in a region that grows, 0 … 255. */
  tolerance: number;
  /** Where the masking lets a label change; empty: everywhere. */
  guards(label: Label): readonly Guard[];
  /** Solves scribbles. */
  solve(problem: Problem): Promise<Float32Array>;
  /** The mask of what was pointed at, by the person's own network; null, after a notice, if there is none. */
  click(prompts: Prompts): Promise<Uint8Array | null>;
  /** Whether labels may be changed; tells the person if not. */
  mayDraw(): boolean;
  /** How likely the model finds each pixel to be in the label, 0 … 255; null if that is not known. */
  likely(label: Label): Uint8Array | null;
  /** The model's proposal for a label; null, after a notice, if there is none. */
  model(label: Label): Promise<MaskPlane | null>;
}

/** What regions, live wires and scribbles go by. */
export function groundOf(board: Board, pen: Pen, image: ImagePixels, label: Label): Ground {
  const { low, high } = board.stage.window;
  return { ...image, span: Math.max(1, high - low), likely: pen.likely(label) };
}
