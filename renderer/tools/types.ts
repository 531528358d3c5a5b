/**
 * The case that is on the stage, as the screens know it: what is loaded, what is looked at and how,
 * what is drawn. `Casework` (in `casework.svelte.ts`) is it; the state below is reactive.
 */
import type { CaseDetail } from '../../audit/contract/api.ts';
import type { ImagePixels, QualityMap } from '../../audit/contract/client.ts';
import type { Structure } from '../../audit/contract/terms.ts';

export type ToolName =
  'pan' | 'brush' | 'eraser' | 'polygon' | 'lasso' | 'proposal-lasso' | 'ruler';

/** What is done to the whole label of the structure being edited; each is one step of undo. */
export type LabelOperation =
  'fill' | 'largest' | 'islands' | 'grow' | 'shrink' | 'smooth' | 'proposal' | 'clear';

/** Pixels of the image; x to the right, y down. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Sample values shown black and white (or, inverted, white and black). */
export interface Window {
  readonly low: number;
  readonly high: number;
  readonly invert: boolean;
}

/** Screen = image · scale + (x, y), in CSS pixels of the stage. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** One structure of the case on the stage. */
export interface LabelWork {
  readonly structure: Structure;
  /** A byte a pixel, 0 or 1, the newest with everything drawn; null when nobody drew it. */
  readonly mask: Uint8Array | null;
  /** What the model draws; null until it is there, or without a model. */
  readonly proposal: Uint8Array | null;
  /** Strokes since the newest revision. */
  readonly strokes: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  visible: boolean;
  /** 0 … 1. */
  fill: number;
  outline: number;
}

/** Layers over the image, beside the labels as given. */
export interface Layers {
  labels: boolean;
  proposal: boolean;
  difference: boolean;
  quality: boolean;
  /** The revision before instead of the newest, while held. */
  previous: boolean;
}

export interface CaseworkState {
  /** Null until the first case is there. */
  readonly detail: CaseDetail | null;
  readonly image: ImagePixels | null;
  readonly labels: readonly LabelWork[];
  readonly quality: QualityMap | null;
  /** True while another case is on its way. */
  readonly loading: boolean;
  /** One sentence when the case, or its image, could not be loaded. */
  readonly problem: string | null;
  /** Strokes on their way to the disk. */
  readonly saving: number;

  tool: ToolName;
  /** Index into `labels` of the structure that is drawn. */
  active: number;
  /** Of the brush, in image pixels; 0.5 is one pixel. */
  radius: number;
  /** Only samples in this range are drawn; null: all. */
  range: { low: number; high: number } | null;
  readonly layers: Layers;
  window: Window;
  readonly view: View;
  /** Under the pointer: image coordinates and the sample there. */
  readonly pointer: { x: number; y: number; value: number | null } | null;
}
