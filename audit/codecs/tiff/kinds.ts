/** Decides which kinds of TIFF are read, by compression, type of number and colour. */

/**
 * Codes of predictors. `HORIZONTAL` stores the differences between neighbours in a row, `FLOATING` those
 * between the bytes of floating-point numbers.
 */
export const HORIZONTAL = 2;
export const FLOATING = 3;

/** Codes of photometric interpretations. The usual one is 1: black is zero. */
export const WHITE_IS_ZERO = 0;
export const PALETTE = 3;

/** A message about a TIFF that is not read. @param why a phrase such as `JPEG-compressed` */
export function unreadTiff(why: string): string {
  return (
    `is a TIFF of a kind that cannot be read (${why}): ` +
    'save it as PNG or as an uncompressed 8- or 16-bit TIFF.'
  );
}

/** Codes of the compressions that are read: none, LZW, deflate (8 and 32946), PackBits. */
const READ_COMPRESSIONS = [1, 5, 8, 32946, 32773];
const COMPRESSIONS: Readonly<Record<number, string>> = {
  2: 'CCITT-compressed',
  3: 'CCITT-compressed',
  4: 'CCITT-compressed',
  6: 'JPEG-compressed',
  7: 'JPEG-compressed',
  33003: 'JPEG 2000-compressed',
  33005: 'JPEG 2000-compressed',
  34712: 'JPEG 2000-compressed',
  50000: 'Zstandard-compressed',
};

/** Bits per sample that are read, by sample format (1 unsigned, 2 signed, 3 floating point). */
const READ_BITS: Readonly<Record<number, readonly number[]>> = {
  1: [1, 2, 4, 8, 16, 32],
  2: [8, 16, 32],
  3: [32, 64],
};

export interface TiffKind {
  readonly bits: number;
  readonly channels: number;
  readonly compression: number;
  readonly photometric: number;
  readonly predictor: number;
  readonly fillOrder: number;
  readonly sampleFormat: number;
}

/** A phrase that says why a TIFF is not read, or null if it can be read. */
export function unsupported(kind: TiffKind, depths: readonly number[]): string | null {
  const { bits, channels, compression, photometric, predictor, sampleFormat } = kind;
  if (!READ_COMPRESSIONS.includes(compression)) {
    return COMPRESSIONS[compression] ?? `compression ${compression}`;
  }
  const readBits = READ_BITS[sampleFormat];
  if (readBits === undefined) return `sample format ${sampleFormat}`;
  if (!readBits.includes(bits) || depths.some((depth) => depth !== bits)) {
    return `${sampleFormat === 3 ? 'floating-point numbers, ' : ''}${depths.slice(0, 8).join(', ')} bits per sample`;
  }
  const whole = [8, 16, 32].includes(bits);
  if (predictor > FLOATING || predictor < 1) return `predictor ${predictor}`;
  if (predictor === HORIZONTAL && !whole) return `a predictor for ${bits} bits per sample`;
  if (predictor === FLOATING && sampleFormat !== 3)
    return 'a floating-point predictor for whole numbers';
  if (photometric > PALETTE) return `colour space ${photometric}`;
  if (photometric === WHITE_IS_ZERO && sampleFormat !== 1)
    return 'signed or floating-point numbers in which white is zero';
  if (photometric === PALETTE && (bits > 8 || channels > 1)) return `a palette of ${bits} bits`;
  if (kind.fillOrder !== 1) return 'bits in reverse order';
  if (channels < 1 || channels > 4) return `${channels} channels`;
  return null;
}
