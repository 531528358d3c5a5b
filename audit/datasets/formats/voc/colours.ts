/**
 * Reads the masks of PASCAL VOC as numbers of classes. The colour of a pixel names its class, as in CVAT,
 * Datumaro and OpenCV: in a colour picture, and in a palette whose colours the dataset names. Else the
 * number of a pixel is its class. A mask that was read by its colours is written by them again.
 */
import { readRaster } from '../../../codecs/index.ts';
import { CodecError } from '../../../codecs/raster.ts';
import type { Raster } from '../../../codecs/raster.ts';
import { withFileName } from '../../masks/label-files.ts';
import type { ReadValues } from '../../masks/label-files.ts';
import { containerOf } from '../../masks/mask-style.ts';
import { distinct, labelValues } from '../../masks/masks.ts';
import type { Values } from '../../masks/masks.ts';
import type { ValuesFile } from '../../masks/values.ts';
import { VOID_COLOUR, colourText } from './classes.ts';
import type { VocClasses } from './classes.ts';
import { VOID, vocPalette } from './layout.ts';

/** Most colours that a notice lists. */
const SHOWN = 4;
const COLOURS = 256;
const SAME_COLOURS = 'was a picture of three channels: written as a palette of the same colours.';

/** The palette indices of a mask, and the number of the class that each index means. */
interface Indices {
  readonly data: Uint8Array;
  readonly palette: Uint8Array;
  readonly numberOf: Uint8Array;
}

/** A mask as numbers of classes, and how the file stores them. */
export interface VocMask extends ValuesFile {
  /** Set if the file's indices are other numbers than those of the classes. */
  readonly indices?: Indices;
  /** The colours that no class has, and the numbers above those of the classes that stand for them. */
  readonly unknown: ReadonlyMap<number, number>;
  readonly notes: readonly string[];
}

const colourAt = (palette: Uint8Array, index: number): number =>
  palette[3 * index] * 65536 + palette[3 * index + 1] * 256 + palette[3 * index + 2];

function setColour(palette: Uint8Array, index: number, colour: number): void {
  palette.set([colour >> 16, (colour >> 8) & 255, colour & 255], 3 * index);
}

/** The challenge's colours and their numbers. */
function standardColours(): Map<number, number> {
  const palette = vocPalette();
  return new Map(Array.from({ length: COLOURS }, (_, i) => [colourAt(palette, i), i]));
}

/**
 * The picture as indices into the colours that it holds.
 * @throws CodecError when it is not a mask: it has too many colours, or JPEG changed them.
 */
function indexed({ format, width, height, channels, data, bits }: Raster): {
  values: Values;
  palette: Uint8Array;
} {
  if (format === 'jpeg') {
    throw new CodecError('is a JPEG, which changes the colours of classes: save it as PNG.');
  }
  if (bits > 8) throw new CodecError('has colours of 16 bits: save it with 8 bits.');
  const indexOf = new Map<number, number>();
  const values = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < values.length; i += 1, at += channels) {
    const colour = data[at] * 65536 + data[at + 1] * 256 + data[at + 2];
    let index = indexOf.get(colour);
    if (index === undefined) {
      index = indexOf.size;
      if (index >= COLOURS) {
        throw new CodecError(
          `is a picture of more than ${COLOURS} colours: a mask has one colour for each class.`,
        );
      }
      indexOf.set(colour, index);
    }
    values[i] = index;
  }
  const palette = new Uint8Array(3 * COLOURS);
  for (const [colour, index] of indexOf) setColour(palette, index, colour);
  return { values: { width, height, data: values }, palette };
}

/** Gives each of `colours` that is not known a number that no class has. */
function numberUnknown(
  colours: readonly number[],
  known: ReadonlyMap<number, number>,
): Map<number, number> {
  const taken = new Set(known.values());
  const unknown = new Map<number, number>();
  let next = 1;
  for (const colour of colours) {
    if (known.has(colour) || unknown.has(colour)) continue;
    while (taken.has(next)) next += 1;
    if (next >= VOID) throw new CodecError('holds more colours than a mask of classes may have.');
    unknown.set(colour, next);
    next += 1;
  }
  return unknown;
}

/** The numbers of the classes at each pixel, by the colours of the palette. */
function byColours(
  { values, palette }: { values: Values; palette: Uint8Array },
  known: ReadonlyMap<number, number>,
): Pick<VocMask, 'values' | 'unknown'> & { readonly indices: Indices } {
  const used = distinct(values.data).map((index) => colourAt(palette, index));
  const unknown = numberUnknown(used, known);
  const numberOf = new Uint8Array(COLOURS);
  for (let index = 0; index < palette.length / 3; index += 1) {
    const colour = colourAt(palette, index);
    numberOf[index] = known.get(colour) ?? unknown.get(colour) ?? 0;
  }
  const indices = { data: Uint8Array.from(values.data), palette, numberOf };
  const data = indices.data.map((index) => numberOf[index]);
  return { values: { ...values, data }, unknown, indices };
}

/** Whether the palette's colours name classes: one of them does, or all are known. */
function namesClasses(values: Values, palette: Uint8Array, known: ReadonlyMap<number, number>) {
  const numbers = distinct(values.data).map((index) => known.get(colourAt(palette, index)));
  const isClass = (number: number | undefined) =>
    number !== undefined && ![0, VOID].includes(number);
  return numbers.some(isClass) || numbers.every((number) => number !== undefined);
}

function isGrey({ channels, data }: Raster): boolean {
  for (let at = 0; at < data.length; at += channels) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return false;
  }
  return true;
}

/** @throws CodecError when the picture is no mask of classes. */
function vocMask(
  raster: Raster,
  { colours }: VocClasses,
): Omit<VocMask, 'notes'> & { note?: string } {
  const container = containerOf(raster);
  if (raster.channels >= 3) {
    const isPlainGrey = isGrey(raster);
    const picture = isPlainGrey && colours === null ? null : indexed(raster);
    if (picture !== null) {
      const known = colours ?? standardColours();
      if (!isPlainGrey || namesClasses(picture.values, picture.palette, known)) {
        const { values, unknown } = byColours(picture, known);
        const palette = paletteOf(new Map([...known, ...unknown]));
        const format = container.format === 'tiff' ? 'tiff' : 'png';
        return { values, unknown, container: { format, bits: 8, palette, loss: SAME_COLOURS } };
      }
    }
  }
  const plain = { values: labelValues(raster), container, unknown: new Map<number, number>() };
  const { palette } = raster;
  if (colours === null || palette === undefined) return plain;
  if (!namesClasses(plain.values, palette, colours)) {
    const note =
      'has other colours than labelmap.txt names: the numbers of its pixels were taken as the classes.';
    return { ...plain, note };
  }
  const { values, unknown, indices } = byColours({ values: plain.values, palette }, colours);
  const isSame = indices.data.every((index, i) => index === values.data[i]);
  if (isSame) return { ...plain, unknown };
  return { values, unknown, indices, container: { ...container, bits: 8 } };
}

function paletteOf(numbers: ReadonlyMap<number, number>): Uint8Array {
  const palette = vocPalette();
  for (const [colour, number] of numbers) setColour(palette, number, colour);
  return palette;
}

/**
 * Reads a mask as numbers of classes.
 * @throws UnreadableFile when the file is no mask of classes.
 */
export async function readVocMask(path: string, classes: VocClasses): Promise<VocMask> {
  const { raster, notes } = await readRaster(path, 'mask');
  return withFileName(path, () => {
    const { note, ...mask } = vocMask(raster, classes);
    return { ...mask, notes: note === undefined ? notes : [...notes, note] };
  });
}

/** Reads a mask for an import: colours that no class has become background, and a note names them. */
export async function readVocValues(path: string, classes: VocClasses): Promise<ReadValues> {
  const { values, unknown, notes } = await readVocMask(path, classes);
  if (unknown.size === 0) return { values, notes };
  const foreign = new Set(unknown.values());
  const data = values.data.map((number) => (foreign.has(number) ? 0 : number));
  const colours = [...unknown.keys()].slice(0, SHOWN).map(colourText).join('; ');
  const more = unknown.size > SHOWN ? '; …' : '';
  const note = `has the colours ${colours}${more}, which no class has: they belong to no structure.`;
  return { values: { ...values, data }, notes: [...notes, note] };
}

/** The palette with the colour of each class at its number, where the mask does not use that number. */
function withClassColours(
  palette: Uint8Array,
  before: Values,
  { colours }: VocClasses,
): Uint8Array {
  const full = vocPalette();
  full.set(palette.subarray(0, full.length));
  const used = new Set(distinct(before.data));
  for (const [colour, number] of colours ?? []) {
    if (!used.has(number) && number !== 0) setColour(full, number, colour);
  }
  return full;
}

/** The index for the number of a class: one with its colour, else an unused index, which gets the colour. */
function indexFor(
  number: number,
  { data, numberOf }: Indices,
  palette: Uint8Array,
  taken: Set<number>,
  classes: VocClasses,
): number {
  const used = distinct(data);
  const own = used.find((index) => numberOf[index] === number);
  if (own !== undefined) return own;
  const colour =
    [...(classes.colours ?? [])].find(([, value]) => value === number)?.[0] ?? VOID_COLOUR;
  let free = number;
  while (taken.has(free)) free = (free + 1) % COLOURS;
  taken.add(free);
  setColour(palette, free, colour);
  return free;
}

/**
 * Makes numbers of classes into what the file `before` stores: its own indices and colours.
 * @param after the numbers after a correction, of the same size
 */
export function asStored(before: VocMask, after: ValuesFile, classes: VocClasses): ValuesFile {
  const { container } = after;
  const { indices } = before;
  if (indices === undefined) {
    if (container.palette === undefined || container.bits !== 8) return after;
    const palette = withClassColours(container.palette, before.values, classes);
    return { ...after, container: { ...container, palette } };
  }
  const palette = vocPalette();
  palette.set(indices.palette.subarray(0, palette.length));
  const taken = new Set(distinct(indices.data));
  const indexOf = new Map<number, number>();
  const data = indices.data.map((index, i) => {
    const number = after.values.data[i];
    if (indices.numberOf[index] === number) return index;
    const known = indexOf.get(number);
    if (known !== undefined) return known;
    const found = indexFor(number, indices, palette, taken, classes);
    indexOf.set(number, found);
    return found;
  });
  return { ...after, values: { ...after.values, data }, container: { ...container, palette } };
}
