/**
 * Images and masks, as all of `audit/` uses them: one sample a pixel, row-major from the top, so
 * that the pixel (x, y) is `data[y * width + x]`.
 */

/** A window stored with an image: the samples that are shown as black and as white. */
export interface WindowPreset {
  readonly name: string;
  /** May be fractions, and may lie outside the samples' range. */
  readonly low: number;
  readonly high: number;
}

/** A grey-scale radiograph as stored, before any window is applied. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  /** Significant bits of a sample, 1 to 16: values lie in 0 … 2^bits − 1, larger is brighter. */
  readonly bits: number;
  readonly data: Uint8Array | Uint16Array;
  /** Millimetres a pixel, [horizontal, vertical]; left out if the file does not state it. */
  readonly spacing?: readonly [number, number];
  /** The file's windows, in its order. */
  readonly windows?: readonly WindowPreset[];
}

/** The mask of one structure: 1 inside, 0 outside, nothing else. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
