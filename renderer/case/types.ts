/** How a case lies on the stage, and which layers are shown. */

/** Sample values shown black and white (or, inverted, white and black). */
export interface Window {
  readonly low: number;
  readonly high: number;
  readonly invert: boolean;
}

/** Screen = image · scale + (x, y), in CSS pixels of the stage. */
export interface StageView {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Under the pointer: image coordinates, and the sample there; null outside of the image. */
export interface Probe {
  readonly x: number;
  readonly y: number;
  readonly value: number | null;
}

/** Layers over the image, beside the labels as given. */
export interface Layers {
  labels: boolean;
  proposal: boolean;
  difference: boolean;
  quality: boolean;
  /** The previous revision instead of the newest, while its key is held. */
  previous: boolean;
}
