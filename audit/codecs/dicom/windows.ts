/**
 * Reads the windows of a DICOM image (VOI LUT) and converts them to the image's samples. Overread's
 * windows are linear. So a sigmoid becomes its tangent in the middle, and a table becomes a straight
 * line through the points where it passes 5 and 95 per cent of its range. Reference: PS3.3, C.11.2.
 */
import type { DataSet } from 'dicom-parser';
import type { WindowPreset } from '../../imaging/types.ts';
import { charsetOf, itemsOf, textOf } from './data.ts';
import { CodecError } from '../raster.ts';

/** At most this many windows are read, so that a menu can show all of them. */
const MAX_WINDOWS = 16;
const MAX_NAME = 32;
/**
 * Shares of the range of a table's outputs. The window's black end is the first input whose output
 * reaches `FOOT`; its white end is the first whose output reaches `SHOULDER`.
 */
const FOOT = 0.05;
const SHOULDER = 0.95;

/** A look-up table: `values[i]` is the result for the value `first + i`. */
export interface LookUp {
  readonly first: number;
  readonly bits: number;
  readonly values: Uint16Array;
}

/**
 * Reads a table of a Modality LUT or VOI LUT sequence.
 * @param signed whether the values that are looked up are signed
 * @throws CodecError when the table is too short for its stated length, or has not 1 to 16 bits.
 */
export function lookUpOf(item: DataSet, signed: boolean): LookUp {
  const count = item.uint16('x00283002', 0) ?? 0;
  const entries = count === 0 ? 65536 : count;
  const first = (signed ? item.int16('x00283002', 1) : item.uint16('x00283002', 1)) ?? 0;
  const bits = item.uint16('x00283002', 2) ?? 0;
  const length = item.elements.x00283006?.length ?? 0;
  const isWide = length >= entries * 2;
  if (bits < 1 || bits > 16 || (!isWide && length < entries)) {
    throw new CodecError('is a broken DICOM file: one of its look-up tables makes no sense.');
  }
  const { byteArray, elements } = item;
  const values = Uint16Array.from({ length: entries }, (_, i) =>
    isWide ? (item.uint16('x00283006', i) ?? 0) : byteArray[elements.x00283006.dataOffset + i],
  );
  return { first, bits, values };
}

function edges(centre: number, width: number, kind: string): [number, number] {
  if (kind === 'LINEAR') {
    const half = (Math.max(1, width) - 1) / 2;
    return [centre - 0.5 - half, centre - 0.5 + half];
  }
  return [centre - width / 2, centre + width / 2];
}

function tableEdges({ first, values }: LookUp): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const passes = (share: number) =>
    values.findIndex((value) => value >= low + share * (high - low));
  const foot = passes(FOOT);
  const shoulder = passes(SHOULDER);
  return shoulder > foot ? [first + foot, first + shoulder] : null;
}

/**
 * Reads all windows of an image.
 * @param toSample converts a modality value, the unit of DICOM's windows, to a sample of the image
 * @param signed whether modality values may be negative
 */
export function windowsOf(
  elements: DataSet,
  toSample: (value: number) => number,
  signed: boolean,
): WindowPreset[] {
  const windows: WindowPreset[] = [];
  const charset = charsetOf(elements);
  const add = (name: string, pair: readonly [number, number] | null) => {
    if (pair === null || windows.length >= MAX_WINDOWS) return;
    const ends = pair.map(toSample).sort((a, b) => a - b);
    if (!ends.every(Number.isFinite)) return;
    const title = name === '' ? `Window ${windows.length + 1}` : name.slice(0, MAX_NAME);
    windows.push({ name: title, low: ends[0], high: ends[1] });
  };
  const kind = elements.string('x00281056') ?? 'LINEAR';
  const names = textOf(elements, 'x00281055').split('\\');
  const count = Math.min(MAX_WINDOWS, elements.numStringValues('x00281050') ?? 0);
  for (let i = 0; i < count; i += 1) {
    const centre = elements.floatString('x00281050', i);
    const width = elements.floatString('x00281051', i);
    if (centre === undefined || width === undefined || !(width > 0)) continue;
    add(names[i]?.trim() ?? '', edges(centre, width, kind));
  }
  for (const item of itemsOf(elements, 'x00283010').slice(0, MAX_WINDOWS)) {
    add(textOf(item, 'x00283003', charset), tableEdges(lookUpOf(item, signed)));
  }
  return windows;
}
