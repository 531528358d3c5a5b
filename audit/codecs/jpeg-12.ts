/**
 * Decodes JPEG of 12 bits in DICOM files: grey, sequential, Huffman-coded. No package is used: those of npm
 * decode 8 bits only. The numbers are those of libjpeg-turbo.
 * Reference: ITU-T T.81, annexes A, B and F; the inverse transform is libjpeg's jidctint.c, with 1 bit kept
 * between the passes.
 */
import { Bits, MARKER, frameOf, readTables, segments } from './jpeg-bits.ts';
import type { Frame, Table } from './jpeg-bits.ts';
import { assertSize } from './frame-size.ts';
import type { FrameSize } from './frame-size.ts';
import { BROKEN_PIXELS, CodecError } from './raster.ts';

const SIDE = 8;
const COEFFICIENTS = SIDE * SIDE;
const PRECISION = 12;
const TOP = 2 ** PRECISION - 1;
const MIDDLE = 2 ** (PRECISION - 1);
/** A symbol of 16 zeros; 0 ends the block. */
const ZEROS = 0xf0;

/** The place of the coefficients in their block, by their order in the file. See T.81, figure A.6. */
const PLACES = zigzag();
function zigzag(): Uint8Array {
  const order = Array.from({ length: COEFFICIENTS }, (_, i) => i);
  const diagonal = (i: number): number => (i >> 3) + (i & 7);
  // An even diagonal goes up, an odd one down.
  const along = (i: number): number => (diagonal(i) % 2 === 0 ? i & 7 : i >> 3);
  order.sort((a, b) => diagonal(a) - diagonal(b) || along(a) - along(b));
  return Uint8Array.from(order);
}

/** Reads the factors of a segment into `tables`, in the file's order. See T.81, B.2.4.1. */
function readFactors(body: Uint8Array, tables: (Uint16Array | undefined)[]): void {
  for (let at = 0; at < body.length;) {
    const isWide = body[at] >> 4 === 1;
    const end = at + 1 + COEFFICIENTS * (isWide ? 2 : 1);
    if (body[at] >> 4 > 1 || end > body.length) throw new CodecError(BROKEN_PIXELS);
    const slot = body[at] & 15;
    const from = at + 1;
    tables[slot] = Uint16Array.from({ length: COEFFICIENTS }, (_, i) =>
      isWide ? (body[from + 2 * i] << 8) | body[from + 2 * i + 1] : body[from + i],
    );
    at = end;
  }
}

/** libjpeg's constants: cosines × 2¹³. */
const C = {
  c0298: 2446,
  c0390: 3196,
  c0541: 4433,
  c0765: 6270,
  c0899: 7373,
  c1175: 9633,
  c1501: 12299,
  c1847: 15137,
  c1961: 16069,
  c2053: 16819,
  c2562: 20995,
  c3072: 25172,
};
const CONSTANT_BITS = 13;
const KEPT_BITS = 1;

/** Transforms eight numbers of `block` in place: from `at` on, `step` apart, then divided by 2 to the `shift`. */
function transform(block: Int32Array, at: number, step: number, shift: number): void {
  const [s0, s1, s2, s3] = [
    block[at],
    block[at + step],
    block[at + 2 * step],
    block[at + 3 * step],
  ];
  const [s4, s5] = [block[at + 4 * step], block[at + 5 * step]];
  const [s6, s7] = [block[at + 6 * step], block[at + 7 * step]];
  const turned = (s2 + s6) * C.c0541;
  const [even2, even3] = [turned - s6 * C.c1847, turned + s2 * C.c0765];
  const [even0, even1] = [(s0 + s4) * 2 ** CONSTANT_BITS, (s0 - s4) * 2 ** CONSTANT_BITS];
  const sum = (s7 + s3 + s5 + s1) * C.c1175;
  const [z1, z2] = [(s7 + s1) * -C.c0899, (s5 + s3) * -C.c2562];
  const [z3, z4] = [(s7 + s3) * -C.c1961 + sum, (s5 + s1) * -C.c0390 + sum];
  const odd = [
    s1 * C.c1501 + z1 + z4,
    s3 * C.c3072 + z2 + z3,
    s5 * C.c2053 + z2 + z4,
    s7 * C.c0298 + z1 + z3,
  ];
  const even = [even0 + even3, even1 + even2, even1 - even2, even0 - even3];
  const half = 2 ** (shift - 1);
  for (let i = 0; i < 4; i += 1) {
    block[at + i * step] = (even[i] + odd[i] + half) >> shift;
    block[at + (7 - i) * step] = (even[i] - odd[i] + half) >> shift;
  }
}

interface Scan {
  readonly bits: Bits;
  readonly first: Table;
  readonly other: Table;
  readonly factors: Uint16Array;
}

/** Decodes a block's coefficients, multiplied by their factors. @returns its first one, undivided */
function readBlock(
  { bits, first, other, factors }: Scan,
  before: number,
  block: Int32Array,
): number {
  block.fill(0);
  const size = bits.symbol(first);
  if (size > 15) throw new CodecError(BROKEN_PIXELS);
  const level = size === 0 ? before : before + bits.signed(size);
  block[0] = level * factors[0];
  for (let i = 1; i < COEFFICIENTS; i += 1) {
    const symbol = bits.symbol(other);
    const length = symbol & 15;
    if (length === 0 && symbol !== ZEROS) break;
    i += symbol >> 4;
    if (length === 0) continue;
    if (i >= COEFFICIENTS) throw new CodecError(BROKEN_PIXELS);
    block[PLACES[i]] = bits.signed(length) * factors[i];
  }
  return level;
}

function decodeScan(scan: Scan, { width, height }: Frame, interval: number): Uint16Array {
  const data = new Uint16Array(width * height);
  const block = new Int32Array(COEFFICIENTS);
  const across = Math.ceil(width / SIDE);
  const count = across * Math.ceil(height / SIDE);
  let level = 0;
  for (let done = 0; done < count; done += 1) {
    if (interval > 0 && done > 0 && done % interval === 0) {
      scan.bits.restart();
      level = 0;
    }
    level = readBlock(scan, level, block);
    for (let x = 0; x < SIDE; x += 1) transform(block, x, SIDE, CONSTANT_BITS - KEPT_BITS);
    for (let y = 0; y < SIDE; y += 1) transform(block, y * SIDE, 1, CONSTANT_BITS + KEPT_BITS + 3);
    const [left, top] = [(done % across) * SIDE, Math.floor(done / across) * SIDE];
    const [right, bottom] = [Math.min(SIDE, width - left), Math.min(SIDE, height - top)];
    for (let y = 0; y < bottom; y += 1) {
      for (let x = 0; x < right; x += 1) {
        const value = block[y * SIDE + x] + MIDDLE;
        data[(top + y) * width + left + x] = Math.min(TOP, Math.max(0, value));
      }
    }
  }
  return data;
}

/** Whether a JPEG has 12 bits and is sequential. @throws CodecError when its header is broken. */
export function isTwelveBit(bytes: Uint8Array): boolean {
  for (const { marker, body } of segments(bytes)) {
    if (marker === MARKER.extended) return frameOf(body).precision === PRECISION;
  }
  return false;
}

/**
 * Decodes a grey JPEG of 12 bits.
 * @param wanted the size in the header
 * @throws CodecError when it is cut short, broken, in colour or of another size.
 */
export function decodeTwelveBitJpeg(bytes: Uint8Array, wanted: FrameSize): Uint16Array {
  const tables: (Table | undefined)[] = [];
  const factors: (Uint16Array | undefined)[] = [];
  let frame: Frame | null = null;
  let slot = 0;
  let interval = 0;
  for (const { marker, body, end } of segments(bytes)) {
    // Tables of the first coefficients have the places 0 to 15, those of the others 16 to 31.
    if (marker === MARKER.tables) readTables(body, tables, (first) => first & 31, 255);
    else if (marker === MARKER.quantization) readFactors(body, factors);
    else if (marker === MARKER.restart) interval = (body[0] << 8) | body[1];
    else if (marker === MARKER.extended) {
      frame = frameOf(body);
      slot = body[8];
    } else if (marker === MARKER.scan && frame !== null) {
      assertSize(frame, wanted);
      if (frame.components !== 1 || body[0] !== 1) {
        throw new CodecError(
          'is a JPEG in colours of 12 bits, which is not read: save it as grey.',
        );
      }
      const first = tables[body[2] >> 4];
      const other = tables[16 + (body[2] & 15)];
      const own = factors[slot];
      if (first === undefined || other === undefined || own === undefined) break;
      return decodeScan(
        { bits: new Bits(bytes, end), first, other, factors: own },
        frame,
        interval,
      );
    }
  }
  throw new CodecError(BROKEN_PIXELS);
}
