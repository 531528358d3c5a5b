/**
 * Decodes the DICOM-SEG of one radiograph: one frame per structure, with a bit or a fraction per pixel, or one
 * frame in which the value of a pixel is the number of its structure (a label map). In the first kind structures
 * may overlap. Reference: PS3.3, A.51 and C.8.20.
 */
import type { DataSet } from 'dicom-parser';
import { counted } from '../../contract/words.ts';
import type { Mask, PixelGrid } from '../../imaging/types.ts';
import {
  charsetOf,
  itemsOf,
  parseDicom,
  withDicomErrors,
  textOf,
  valueOf,
  PIXELS,
} from './data.ts';
import type { DicomData } from './data.ts';
import { assertSyntax, isNative, readFrame } from './frame.ts';
import { planeOf } from './plane.ts';
import { SEGMENTATION } from './dicom.ts';
import { CUT_SHORT, CodecError, checkBounds } from '../raster.ts';

/** The SOP class of label maps, a newer kind of file in which the value of a pixel names its structure. */
const LABEL_MAP = '1.2.840.10008.5.1.4.1.1.66.7';
const MAX_SEGMENTS = 256;
/** The code of the background, which a label map may list among its structures. */
const BACKGROUND = '125040';

/** A term of a terminology such as SNOMED CT. */
export interface Code {
  readonly value: string;
  readonly scheme: string;
  readonly meaning: string;
}

/** How a segment was drawn: `type` is `MANUAL`, `SEMIAUTOMATIC` or `AUTOMATIC`; `name` is the program. */
export interface Algorithm {
  readonly type: string;
  readonly name: string;
}

/** One structure of a DICOM-SEG. */
export interface Segment {
  readonly number: number;
  readonly label: string;
  readonly category: Code | null;
  readonly type: Code | null;
  readonly modifier: Code | null;
  readonly algorithm: Algorithm;
}

/** The header of a DICOM-SEG. */
export interface SegmentationHeader {
  readonly width: number;
  readonly height: number;
  /** The value of a pixel that is fully inside, or null if pixels are bits. */
  readonly maximum: number | null;
  /** Whether the file is a label map. It has one frame, and `frames` is empty. */
  readonly isMap: boolean;
  readonly segments: readonly Segment[];
  /** By frame: the number of its segment. */
  readonly frames: readonly number[];
  /** Where the pixels lie in the patient, if the file states it. */
  readonly grid?: PixelGrid;
  /** SOP Instance UID of the image that the structures were drawn on. */
  readonly image: string;
  /** Who drew the structures, or null if the file does not say. */
  readonly creator: string | null;
}

export function isSegmentation({ elements }: DicomData): boolean {
  return [SEGMENTATION, LABEL_MAP].includes(elements.string('x00080016') ?? '');
}

function codeOf(item: DataSet, tag: string, charset: string): Code | null {
  const code = itemsOf(item, tag)[0];
  if (code === undefined) return null;
  return {
    value: code.string('x00080100') ?? '',
    scheme: code.string('x00080102') ?? '',
    meaning: textOf(code, 'x00080104', charset),
  };
}

function segmentsOf(elements: DataSet): Segment[] {
  const charset = charsetOf(elements);
  return itemsOf(elements, 'x00620002').map((item) => {
    const [property] = itemsOf(item, 'x0062000f');
    return {
      number: item.uint16('x00620004') ?? 0,
      label: textOf(item, 'x00620005', charset),
      category: codeOf(item, 'x00620003', charset),
      type: codeOf(item, 'x0062000f', charset),
      modifier: property === undefined ? null : codeOf(property, 'x00620011', charset),
      algorithm: {
        type: item.string('x00620008') ?? 'MANUAL',
        name: textOf(item, 'x00620009', charset),
      },
    };
  });
}

/** The structures of a label map. The background, which may be listed, is none of them. */
function mappedSegments(elements: DataSet): Segment[] {
  const outside = elements.uint16('x00280120') ?? 0;
  return segmentsOf(elements).filter(
    ({ number, type }) => number !== outside && type?.value !== BACKGROUND,
  );
}

/** The UIDs of the source images that a functional group (facts about one frame or all frames) names. */
function sourcesOf(group: DataSet | undefined): string[] {
  if (group === undefined) return [];
  return itemsOf(group, 'x00089124')
    .flatMap((derivation) => itemsOf(derivation, 'x00082112'))
    .map((source) => source.string('x00081155') ?? '');
}

/**
 * The UID of the image that the structures belong to.
 * @throws CodecError when the file refers to several images or to none.
 */
function imageOf(elements: DataSet, groups: readonly (DataSet | undefined)[]): string {
  const derived = groups.flatMap(sourcesOf);
  const listed = itemsOf(elements, 'x00081115')
    .flatMap((series) => itemsOf(series, 'x0008114a'))
    .map((instance) => instance.string('x00081155') ?? '');
  const images = new Set(derived.length > 0 ? derived : listed);
  images.delete('');
  if (images.size === 1) return [...images][0];
  throw new CodecError(
    images.size === 0
      ? 'does not say to which image it belongs: make it again with a reference to its image.'
      : `holds labels of ${images.size} images: make one DICOM-SEG of each radiograph.`,
  );
}

/** @throws CodecError when the file is not the DICOM-SEG of one radiograph. */
export function segmentationOf({ elements, syntax }: DicomData): SegmentationHeader {
  return withDicomErrors(() => {
    const kind = elements.string('x00620001');
    const isMap = elements.string('x00080016') === LABEL_MAP || kind === 'LABELMAP';
    assertSyntax(syntax);
    const height = elements.uint16('x00280010') ?? 0;
    const width = elements.uint16('x00280011') ?? 0;
    checkBounds(width, height);
    const segments = isMap ? mappedSegments(elements) : segmentsOf(elements);
    const [shared] = itemsOf(elements, 'x52009229');
    const perFrame = itemsOf(elements, 'x52009230');
    const count = elements.intString('x00280008') ?? 1;
    if (segments.length === 0 || segments.length > MAX_SEGMENTS) {
      throw new CodecError(
        `names ${counted(segments.length, 'structure')}: 1 to ${MAX_SEGMENTS} are read.`,
      );
    }
    if (isMap && count !== 1) {
      throw new CodecError(`holds ${count} frames: only single radiographs are read.`);
    }
    const frames = (isMap ? [] : perFrame).map((group) => {
      const identified = [group, shared].flatMap((part) =>
        part ? itemsOf(part, 'x0062000a') : [],
      );
      return identified[0]?.uint16('x0062000b') ?? 0;
    });
    if (
      (!isMap && frames.length !== count) ||
      frames.some((frame) => !segments.some((s) => s.number === frame))
    ) {
      throw new CodecError('is a broken DICOM-SEG: its frames and its structures do not fit.');
    }
    if (new Set(frames).size < frames.length) {
      throw new CodecError(
        'has several frames of one structure: only single radiographs are read.',
      );
    }
    const fractional = kind === 'FRACTIONAL';
    const grid = planeOf([...perFrame.slice(0, 1), shared]);
    const creator = textOf(elements, 'x00700084').replaceAll('^', ' ').trim();
    return {
      width,
      height,
      maximum: fractional ? (elements.uint16('x0062000e') ?? 255) : null,
      isMap,
      segments,
      frames,
      ...(grid && { grid }),
      image: imageOf(elements, [...perFrame, shared]),
      creator: creator === '' ? null : creator,
    };
  });
}

/**
 * Unpacks frame `index`. The bits of all frames follow each other without gaps. The first bit of a byte
 * is its lowest.
 */
function bitsOf(bytes: Uint8Array, index: number, pixels: number): Uint8Array {
  const from = index * pixels;
  if (from + pixels > bytes.length * 8) throw new CodecError(CUT_SHORT);
  const plane = new Uint8Array(pixels);
  for (let i = 0, bit = from; i < pixels; i += 1, bit += 1) {
    plane[i] = (bytes[bit >> 3] >> (bit & 7)) & 1;
  }
  return plane;
}

/**
 * The header of a DICOM-SEG. `masks` holds, by number of a segment, a function that decodes the segment's
 * mask. A segment without a frame has an empty mask.
 */
export interface DecodedSegmentation extends SegmentationHeader {
  readonly masks: ReadonlyMap<number, () => Promise<Mask>>;
}

/**
 * Parses a DICOM-SEG. Each mask is decoded when its function is called.
 * @throws CodecError when the file is not the DICOM-SEG of one radiograph.
 */
export function decodeSegmentation(bytes: Uint8Array): DecodedSegmentation {
  const data = parseDicom(bytes);
  const about = segmentationOf(data);
  const { width, height, maximum, frames } = about;
  const pixels = width * height;
  const packed = valueOf(data, PIXELS);
  let map: Promise<Uint8Array | Uint16Array> | null = null;
  const plane = async (index: number): Promise<Uint8Array> => {
    if (index < 0) return new Uint8Array(pixels);
    if (maximum === null) {
      if (packed === null) throw new CodecError(CUT_SHORT);
      if (isNative(data.syntax)) return bitsOf(packed, index, pixels);
      throw new CodecError('holds compressed bits, which are not read: save it uncompressed.');
    }
    const kind = { width, height, components: 1, allocated: 8, planes: false, rgb: false };
    const values = await readFrame(data, kind, index, frames.length);
    return Uint8Array.from(values, (value) => (value * 2 >= maximum ? 1 : 0));
  };
  const mapped = async (number: number): Promise<Uint8Array> => {
    const allocated = data.elements.uint16('x00280100') === 16 ? 16 : 8;
    const kind = { width, height, components: 1, allocated, planes: false, rgb: false };
    map ??= readFrame(data, kind);
    return Uint8Array.from(await map, (value) => (value === number ? 1 : 0));
  };
  const masks = new Map(
    about.segments.map(({ number }) => [
      number,
      async () => ({
        width,
        height,
        data: await (about.isMap ? mapped(number) : plane(frames.indexOf(number))),
      }),
    ]),
  );
  return { ...about, masks };
}
