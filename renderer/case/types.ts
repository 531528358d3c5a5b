/**
 * The case that is on the stage, as the screens know it: what is loaded, what is looked at and how,
 * what is drawn. `Casework` (in `casework.svelte.ts`) is it; the state below is reactive.
 */
import type { CaseDetail } from '../../audit/contract/api.ts';
import type { ImagePixels, QualityMap } from '../../audit/contract/client.ts';
import type { LabelWork, ToolName } from '../drawing/types.ts';

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
