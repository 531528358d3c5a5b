/**
 * The two pictures everything in `audit/` speaks of. Rows run top to bottom, row-major, one sample
 * a pixel: the pixel (x, y) is `data[y * width + x]`.
 */

/** A window that comes with an image: which of its samples are black and white. */
export interface WindowPreset {
  readonly name: string;
  /** Need not be whole numbers, nor lie within the samples' range. */
  readonly low: number;
  readonly high: number;
}

/** A single-plane grey-scale radiograph as stored, before any window is applied. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  /** Significant bits of a sample, 1 to 16: values lie in 0 … 2^bits − 1, larger is brighter. */
  readonly bits: number;
  readonly data: Uint8Array | Uint16Array;
  /** Millimetres a pixel, [horizontal, vertical], where the file states it. */
  readonly spacing?: readonly [number, number];
  /** Windows that the file proposes, in its order. */
  readonly windows?: readonly WindowPreset[];
}

/** The mask of one structure: 1 inside, 0 outside, nothing else. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
