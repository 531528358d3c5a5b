/**
 * Images and masks in the form that all of `audit/` uses: one sample for each pixel, row by row from the
 * top, so that the pixel (x, y) is `data[y * width + x]`.
 */

/** A window stored with an image: the sample values that are shown as black and as white. */
export interface WindowPreset {
  readonly name: string;
  /** `low` and `high` may be fractions, and may lie outside the samples' range. */
  readonly low: number;
  readonly high: number;
}

/**
 * Where the pixels of a file lie in space, in millimetres: the centre of the first pixel, the step to the next
 * column, and the step to the next row.
 */
export interface PixelGrid {
  readonly origin: readonly number[];
  readonly column: readonly number[];
  readonly row: readonly number[];
}

/** A grey-scale radiograph as stored, before any window is applied. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  /** Number of bits of a sample that are used, 1 to 16: values lie in 0 … 2^bits − 1, larger is brighter. */
  readonly bits: number;
  readonly data: Uint8Array | Uint16Array;
  /** Size of a pixel in millimetres, [horizontal, vertical]; left out if the file does not state it. */
  readonly spacing?: readonly [number, number];
  /** Left out if the file does not state it. */
  readonly grid?: PixelGrid;
  /** The windows stored in the file, in the file's order. */
  readonly windows?: readonly WindowPreset[];
}

/** The mask of one structure. Each pixel is 1 (inside) or 0 (outside). */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
