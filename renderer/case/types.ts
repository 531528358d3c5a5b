/** How a case lies on the stage, and which layers are shown. */

/** The sample values that are shown black (`low`) and white (`high`); inverted, the other way round. */
export interface Window {
  readonly low: number;
  readonly high: number;
  readonly invert: boolean;
}

/** A point of the image is shown at point · scale + (x, y), in CSS pixels of the stage. */
export interface StageView {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** The pointer's place in image pixels, and the sample there; `value` is null outside of the image. */
export interface Probe {
  readonly x: number;
  readonly y: number;
  readonly value: number | null;
}

/** Which layers over the image are shown. */
export interface Layers {
  labels: boolean;
  proposal: boolean;
  difference: boolean;
  quality: boolean;
  /** Whether each label's previous mask is shown instead of its own, while a key is held. */
  previous: boolean;
}
