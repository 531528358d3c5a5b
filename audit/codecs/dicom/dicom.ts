/**
 * Decodes DICOM radiographs: one frame, grey or colour, in 8- or 16-bit words. Stored values are neither
 * rounded nor clipped. Signed values are shifted up by half their range, so that none is negative. If
 * small values are bright, all values are inverted.
 * Reference: PS3.3, C.7.6.3, C.7.5.1.1.2 (padding), C.11.1 and C.11.2.
 */
import type { DataSet } from 'dicom-parser';
import { PIXELS, dicomHead, itemsOf, parseDicom, withDicomErrors } from './data.ts';
import type { DicomData } from './data.ts';
import { assertSyntax, isNative, readFrame } from './frame.ts';
import { lookUpOf, windowsOf } from './windows.ts';
import type { LookUp } from './windows.ts';
import { CodecError, checkBounds } from '../raster.ts';
import type { Header, Raster } from '../raster.ts';

/** The SOP class of DICOM-SEG. */
export const SEGMENTATION = '1.2.840.10008.5.1.4.1.1.66.4';
const GREY = ['MONOCHROME1', 'MONOCHROME2'];
const COLOUR = ['RGB', 'YBR_FULL', 'YBR_FULL_422', 'YBR_RCT', 'YBR_ICT'];

interface DicomHeader extends Header {
  readonly photometric: string;
  readonly allocated: number;
  readonly highBit: number;
  readonly signed: boolean;
  readonly planes: boolean;
}

/** @throws CodecError when the file is not a single radiograph, too large, or of a kind that is not read. */
function headerOf({ elements, syntax }: DicomData): DicomHeader {
  const number = (tag: string, otherwise: number) => elements.uint16(tag) ?? otherwise;
  if (elements.elements[PIXELS] === undefined || elements.uint16('x00280010') === undefined) {
    throw new CodecError('is a DICOM file without a picture: take it out of the folder.');
  }
  if (elements.string('x00080016') === SEGMENTATION) {
    throw new CodecError('is a DICOM-SEG, which holds labels: import it together with its images.');
  }
  const frames = elements.intString('x00280008') ?? 1;
  if (frames > 1) {
    throw new CodecError(`holds ${frames} frames: only single radiographs are read.`);
  }
  const height = number('x00280010', 0);
  const width = number('x00280011', 0);
  checkBounds(width, height);
  assertSyntax(syntax);
  const header = {
    format: 'dicom' as const,
    width,
    height,
    bits: number('x00280101', number('x00280100', 16)),
    channels: number('x00280002', 1),
    photometric: elements.string('x00280004') ?? 'MONOCHROME2',
    allocated: number('x00280100', 16),
    highBit: number('x00280102', number('x00280101', 16) - 1),
    signed: number('x00280103', 0) === 1,
    planes: number('x00280006', 0) === 1,
  };
  const refusal = unsupported(header, syntax);
  if (refusal === null) return header;
  throw new CodecError(
    `is a DICOM image of a kind that is not read (${refusal}): save it as grey.`,
  );
}

/** A phrase that says why an image is not read, or null if it can be read. */
function unsupported(header: DicomHeader, syntax: string): string | null {
  const { photometric, channels, allocated, bits, highBit } = header;
  if (allocated !== 8 && allocated !== 16) return `${allocated} bits per sample`;
  if (bits < 1 || bits > allocated || highBit >= allocated || highBit < bits - 1) {
    return `${bits} bits stored up to bit ${highBit} of ${allocated}`;
  }
  if (channels === 1) return GREY.includes(photometric) ? null : photometric;
  if (channels !== 3 || !COLOUR.includes(photometric)) return `${channels} × ${photometric}`;
  if (allocated !== 8) return `colours of ${allocated} bits`;
  if (photometric === 'YBR_FULL_422' && isNative(syntax)) return 'colours of half the size';
  return null;
}

/** The header of a radiograph. @throws CodecError as `headerOf` */
export const checkRadiograph = (data: DicomData): Header => withDicomErrors(() => headerOf(data));

/**
 * Reads the header from a file's first bytes.
 * @param whole whether `bytes` are the whole file
 * @returns null if more bytes are needed and `whole` is false
 */
export function dicomHeader(bytes: Buffer, whole: boolean): Header | null {
  const head = dicomHead(bytes, whole);
  return head && checkRadiograph(head);
}

/** Millimetres per pixel on the patient, [horizontal, vertical], or undefined if the file states none. */
function spacingOf(elements: DataSet): [number, number] | undefined {
  const pair = (tag: string, factor: number): [number, number] | undefined => {
    const [vertical, horizontal] = [0, 1].map((i) => elements.floatString(tag, i) ?? NaN);
    if (!(vertical > 0 && horizontal > 0 && horizontal + vertical < Infinity)) return undefined;
    // Rounded, to remove the noise of the division.
    return [horizontal, vertical].map((length) => Number((length / factor).toPrecision(12))) as [
      number,
      number,
    ];
  };
  const magnified = elements.floatString('x00181114') ?? 1;
  return pair('x00280030', 1) ?? pair('x00181164', magnified > 0 ? magnified : 1);
}

function aspectNote(
  elements: DataSet,
  spacing: readonly [number, number] | undefined,
): string | undefined {
  const [across, down] = spacing ?? [
    elements.intString('x00280034', 1) ?? 1,
    elements.intString('x00280034', 0) ?? 1,
  ];
  if (!(across > 0 && down > 0) || Math.abs(across / down - 1) < 0.005) return undefined;
  return `has pixels that are not square (${across} wide, ${down} high): shown as if they were.`;
}

/** How stored samples are converted to the image's samples. */
interface Transform {
  readonly bits: number;
  readonly turned: boolean;
  readonly table: LookUp | null;
  readonly slope: number;
  readonly intercept: number;
}

function transformOf(elements: DataSet, header: DicomHeader): Transform {
  const item = itemsOf(elements, 'x00283000')[0];
  const table = item === undefined ? null : lookUpOf(item, header.signed);
  const given = table === null ? (elements.floatString('x00281053') ?? 1) : 1;
  const slope = Number.isFinite(given) && given !== 0 ? given : 1;
  return {
    bits: table?.bits ?? header.bits,
    turned: (header.photometric === 'MONOCHROME1') !== slope < 0,
    table,
    slope,
    intercept: elements.floatString('x00281052') ?? 0,
  };
}

/** The range of stored values that are padding (inclusive), or null if there is none. */
function paddingOf(elements: DataSet, signed: boolean): readonly [number, number] | null {
  const read = (tag: string) => (signed ? elements.int16(tag) : elements.uint16(tag));
  const value = read('x00280120');
  if (value === undefined) return null;
  const limit = read('x00280121') ?? value;
  return [Math.min(value, limit), Math.max(value, limit)];
}

/** Converts stored samples to the image's samples. Padding gets the darkest value of the other pixels. */
function greySamples(
  stored: Uint8Array | Uint16Array,
  header: DicomHeader,
  { bits, turned, table }: Transform,
  padding: readonly [number, number] | null,
): { data: Uint8Array | Uint16Array; padded: boolean } {
  const shift = header.highBit + 1 - header.bits;
  const mask = 2 ** header.bits - 1;
  // Flipping the highest bit of a two's complement number shifts it up by half the range.
  const half = header.signed ? 2 ** (header.bits - 1) : 0;
  const top = 2 ** bits - 1;
  const data = bits > 8 ? new Uint16Array(stored.length) : new Uint8Array(stored.length);
  const isPadding = new Uint8Array(padding === null ? 0 : stored.length);
  let darkest = Infinity;
  for (let i = 0; i < stored.length; i += 1) {
    let value = ((stored[i] >> shift) & mask) ^ half;
    const given = value - half;
    if (table !== null) {
      const at = Math.min(table.values.length - 1, Math.max(0, given - table.first));
      value = Math.min(top, table.values[at]);
    }
    data[i] = turned ? top - value : value;
    if (padding !== null && given >= padding[0] && given <= padding[1]) isPadding[i] = 1;
    else if (data[i] < darkest) darkest = data[i];
  }
  const padded = isPadding.includes(1) && darkest < Infinity;
  if (padded) for (let i = 0; i < data.length; i += 1) if (isPadding[i] === 1) data[i] = darkest;
  return { data, padded };
}

function greyRaster(
  data: DicomData,
  header: DicomHeader,
  stored: Uint8Array | Uint16Array,
): Raster {
  const { elements } = data;
  const { format, width, height } = header;
  const transform = transformOf(elements, header);
  const { bits, turned, table, slope, intercept } = transform;
  const padding = paddingOf(elements, header.signed);
  const samples = greySamples(stored, header, transform, padding);
  const half = header.signed && table === null ? 2 ** (header.bits - 1) : 0;
  const toSample = (value: number): number => {
    const sample = (table === null ? (value - intercept) / slope : value) + half;
    return turned ? 2 ** bits - 1 - sample : sample;
  };
  const windows = windowsOf(elements, toSample, table === null && (header.signed || intercept < 0));
  const spacing = spacingOf(elements);
  const notes = [
    samples.padded ? 'has padding around the picture, which was made dark.' : undefined,
    aspectNote(elements, spacing),
  ].filter((note) => note !== undefined);
  return {
    format,
    width,
    height,
    bits,
    channels: 1,
    data: samples.data,
    notes,
    ...(spacing && { spacing }),
    ...(windows.length > 0 && { windows }),
  };
}

/**
 * The colour picture. If its samples are brightness and two colour differences (YBR_FULL), only the
 * brightness is returned, as a grey picture.
 */
function colourRaster(
  { elements, syntax }: DicomData,
  header: DicomHeader,
  stored: Uint8Array,
): Raster {
  const { format, width, height } = header;
  const spacing = spacingOf(elements);
  const common = { format, width, height, bits: 8, ...(spacing && { spacing }) };
  // The decoders of JPEG and JPEG 2000 (transfer syntaxes ….1.2.4.…) have converted the samples to RGB.
  const isBrightness = header.photometric === 'YBR_FULL' && !syntax.includes('.1.2.4.');
  if (!isBrightness) return { ...common, channels: 3, data: stored };
  const data = Uint8Array.from({ length: width * height }, (_, i) => stored[i * 3]);
  return { ...common, channels: 1, data, notes: ['is in colour: its brightness was read.'] };
}

/**
 * Decodes a DICOM file.
 * @throws CodecError when the file is cut short, broken, not a single radiograph, or not supported.
 */
export async function decodeDicom(bytes: Buffer): Promise<Raster> {
  const data = parseDicom(bytes);
  const header = withDicomErrors(() => headerOf(data));
  const { width, height, channels: components, allocated, planes, photometric } = header;
  const kind = { width, height, components, allocated, planes, rgb: photometric === 'RGB' };
  const stored = await readFrame(data, kind);
  if (stored.length !== width * height * components)
    throw new CodecError('is a broken DICOM file.');
  return withDicomErrors(() =>
    components === 1
      ? greyRaster(data, header, stored)
      : colourRaster(data, header, Uint8Array.from(stored)),
  );
}
