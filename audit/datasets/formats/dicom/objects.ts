/**
 * Makes DICOM files: the DICOM-SEG of a radiograph, and a Secondary Capture of an image that is not
 * DICOM. Reference: PS3.3, A.51 (Segmentation) and A.8.1 (Secondary Capture).
 */
import type { DataSet } from 'dicom-parser';
import type { GreyImage, Mask } from '../../../imaging/types.ts';
import { textOf } from '../../../codecs/dicom/data.ts';
import type { DicomData } from '../../../codecs/dicom/data.ts';
import {
  binary,
  encodeDicom,
  newUid,
  numbers,
  pointer,
  sequence,
  text,
} from '../../../codecs/dicom/encode.ts';
import type { DicomElement, DicomItem } from '../../../codecs/dicom/encode.ts';
import { SEGMENTATION } from '../../../codecs/dicom/dicom.ts';
import type { Algorithm, Code } from '../../../codecs/dicom/seg.ts';
import type { StructureCodes } from './codes.ts';

const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
const dicomCode = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning });
const DERIVED = dicomCode('113076', 'Segmentation');
const PURPOSE = dicomCode('121322', 'Source image for image processing operation');

/** One structure of a DICOM-SEG. */
export interface WrittenSegment extends StructureCodes {
  readonly label: string;
  readonly algorithm: Algorithm;
  readonly mask: Mask;
}

/** The facts that a DICOM-SEG takes over from its image. */
export interface SourceImage {
  readonly sopClass: string;
  readonly uid: string;
  readonly series: string;
  /** Elements on patient, study, frame of reference and lossy compression. */
  readonly shared: DicomItem;
}

/**
 * The elements of the patient and the study that are copied: tag, type of value (VR), and whether the
 * element must exist even if it is empty (DICOM's type 2).
 */
const PATIENT_AND_STUDY: readonly (readonly [tag: number, vr: string, isNeeded: boolean])[] = [
  [0x00080020, 'DA', true],
  [0x00080030, 'TM', true],
  [0x00080050, 'SH', true],
  [0x00080090, 'PN', true],
  [0x00081030, 'LO', false],
  [0x00100010, 'PN', true],
  [0x00100020, 'LO', true],
  [0x00100021, 'LO', false],
  [0x00100030, 'DA', true],
  [0x00100040, 'CS', true],
  [0x00120062, 'CS', false],
  [0x00120063, 'LO', false],
  [0x00200010, 'SH', true],
  [0x00200020, 'CS', true],
  [0x00282110, 'CS', false],
  [0x00282112, 'DS', false],
  [0x00282114, 'CS', false],
];

const keyOf = (tag: number): string => `x${tag.toString(16).padStart(8, '0')}`;

function patientAndStudy(elements: DataSet | null): DicomElement[] {
  const found: DicomElement[] = [];
  for (const [tag, vr, isNeeded] of PATIENT_AND_STUDY) {
    const value = elements === null ? '' : textOf(elements, keyOf(tag));
    if (value !== '' || isNeeded) found.push(text(tag, vr, value));
  }
  return found;
}

/** Reads the facts that a DICOM-SEG of this image takes over. */
export function sourceOf({ elements }: DicomData): SourceImage {
  const uid = (tag: string) => elements.string(tag) ?? newUid();
  const frame = elements.string('x00200052');
  return {
    sopClass: elements.string('x00080016') ?? SECONDARY_CAPTURE,
    uid: uid('x00080018'),
    series: uid('x0020000e'),
    shared: [
      ...patientAndStudy(elements),
      text(0x0020000d, 'UI', uid('x0020000d')),
      ...(frame === undefined ? [] : [text(0x00200052, 'UI', frame)]),
      ...(frame === undefined ? [] : [text(0x00201040, 'LO', textOf(elements, 'x00201040'))]),
    ],
  };
}

/** Date and time of day as DICOM writes them. They are in local time, like the time of an examination. */
function stamp(now: Date): readonly [string, string] {
  const two = (value: number) => String(value).padStart(2, '0');
  return [
    `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`,
    `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`,
  ];
}

/** The elements that name Overread as the maker of the file, and say when it was made. */
function equipment(now: Date): DicomElement[] {
  const [date, time] = stamp(now);
  return [
    text(0x00080023, 'DA', date),
    text(0x00080033, 'TM', time),
    text(0x00080070, 'LO', 'Overread'),
    text(0x00081090, 'LO', 'Overread'),
    text(0x00181000, 'LO', '1'),
    text(0x00181020, 'LO', '1'),
    text(0x00200013, 'IS', '1'),
  ];
}

function codeItem({ value, scheme, meaning }: Code): DicomItem {
  return [
    text(0x00080100, 'SH', value),
    text(0x00080102, 'SH', scheme),
    text(0x00080104, 'LO', meaning),
  ];
}

function segmentItem(segment: WrittenSegment, index: number): DicomItem {
  const { label, category, type, modifier, algorithm } = segment;
  const side = modifier === null ? [] : [sequence(0x00620011, codeItem(modifier))];
  return [
    sequence(0x00620003, codeItem(category)),
    numbers(0x00620004, 'US', index + 1),
    text(0x00620005, 'LO', label),
    text(0x00620008, 'CS', algorithm.type),
    ...(algorithm.name === '' ? [] : [text(0x00620009, 'LO', algorithm.name)]),
    sequence(0x0062000f, [...codeItem(type), ...side]),
  ];
}

const reference = (source: SourceImage): DicomItem => [
  text(0x00081150, 'UI', source.sopClass),
  text(0x00081155, 'UI', source.uid),
];

function frameItem(index: number): DicomItem {
  return [
    sequence(0x00209111, [numbers(0x00209157, 'UL', index + 1)]),
    sequence(0x0062000a, [numbers(0x0062000b, 'US', index + 1)]),
  ];
}

/** The elements that say that the frames are ordered by the number of their segment. */
function dimensions(): DicomElement[] {
  const uid = text(0x00209164, 'UI', newUid());
  return [
    sequence(0x00209221, [uid]),
    sequence(0x00209222, [uid, pointer(0x00209165, 0x0062000b), pointer(0x00209167, 0x0062000a)]),
  ];
}

/** All masks as one sequence of bits. The first pixel is the lowest bit of the first byte. */
function bitsOf(segments: readonly WrittenSegment[], pixels: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil((segments.length * pixels) / 8));
  segments.forEach(({ mask }, index) => {
    for (let i = 0, at = index * pixels; i < pixels; i += 1, at += 1) {
      if (mask.data[i] === 1) bits[at >> 3] |= 1 << (at & 7);
    }
  });
  return bits;
}

function overlap(segments: readonly WrittenSegment[]): boolean {
  const seen = new Uint8Array(segments[0].mask.data.length);
  for (const { mask } of segments) {
    for (let i = 0; i < seen.length; i += 1) {
      seen[i] += mask.data[i];
      if (seen[i] > 1) return true;
    }
  }
  return false;
}

/**
 * Makes a DICOM-SEG file: binary, one frame per structure.
 * @param segments at least one; their masks have the image's size
 */
export function segmentationFile(
  source: SourceImage,
  segments: readonly WrittenSegment[],
  now = new Date(),
): Buffer {
  const { width, height } = segments[0].mask;
  const uid = newUid();
  const derivation = sequence(0x00089124, [
    sequence(0x00089215, codeItem(DERIVED)),
    sequence(0x00082112, [...reference(source), sequence(0x0040a170, codeItem(PURPOSE))]),
  ]);
  const isLossy = source.shared.some(({ tag }) => tag === 0x00282110);
  const pixels = binary(0x7fe00010, 'OB', bitsOf(segments, width * height));
  return encodeDicom(SEGMENTATION, uid, [
    ...source.shared,
    ...equipment(now),
    text(0x00080008, 'CS', 'DERIVED', 'PRIMARY'),
    text(0x00080060, 'CS', 'SEG'),
    sequence(0x00081115, [
      sequence(0x0008114a, reference(source)),
      text(0x0020000e, 'UI', source.series),
    ]),
    text(0x0020000e, 'UI', newUid()),
    text(0x00200011, 'IS', '1'),
    ...dimensions(),
    numbers(0x00280002, 'US', 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    text(0x00280008, 'IS', String(segments.length)),
    numbers(0x00280010, 'US', height),
    numbers(0x00280011, 'US', width),
    numbers(0x00280100, 'US', 1),
    numbers(0x00280101, 'US', 1),
    numbers(0x00280102, 'US', 0),
    numbers(0x00280103, 'US', 0),
    ...(isLossy ? [] : [text(0x00282110, 'CS', '00')]),
    text(0x00620001, 'CS', 'BINARY'),
    sequence(0x00620002, ...segments.map(segmentItem)),
    text(0x00620013, 'CS', overlap(segments) ? 'YES' : 'NO'),
    text(0x00700080, 'CS', 'SEGMENTATION'),
    text(0x00700081, 'LO', ''),
    text(0x00700084, 'PN', ''),
    sequence(0x52009229, [derivation]),
    sequence(0x52009230, ...segments.map((_, index) => frameItem(index))),
    pixels,
  ]);
}

/** A number as text of at most 16 characters, the limit for DICOM's decimal text (VR `DS`). */
const decimal = (value: number): string => String(Number(value.toPrecision(9))).slice(0, 16);

/**
 * Makes a Secondary Capture file of an image, and returns the facts that the image's DICOM-SEG takes
 * over.
 */
export function captureFile(
  image: GreyImage,
  now = new Date(),
): { bytes: Buffer; source: SourceImage } {
  const { width, height, bits, data, spacing } = image;
  const shared = [...patientAndStudy(null), text(0x0020000d, 'UI', newUid())];
  const source = { sopClass: SECONDARY_CAPTURE, uid: newUid(), series: newUid(), shared };
  const wide = data instanceof Uint16Array;
  const samples = Buffer.alloc(data.length * (wide ? 2 : 1));
  if (wide) data.forEach((sample, i) => samples.writeUInt16LE(sample, i * 2));
  else samples.set(data);
  const bytes = encodeDicom(SECONDARY_CAPTURE, source.uid, [
    ...shared,
    ...equipment(now),
    text(0x00080008, 'CS', 'DERIVED', 'SECONDARY'),
    text(0x00080060, 'CS', 'OT'),
    text(0x00080064, 'CS', 'WSD'),
    text(0x0020000e, 'UI', source.series),
    text(0x00200011, 'IS', '1'),
    text(0x00200060, 'CS', ''),
    numbers(0x00280002, 'US', 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    numbers(0x00280010, 'US', height),
    numbers(0x00280011, 'US', width),
    ...(spacing ? [text(0x00280030, 'DS', decimal(spacing[1]), decimal(spacing[0]))] : []),
    numbers(0x00280100, 'US', wide ? 16 : 8),
    numbers(0x00280101, 'US', bits),
    numbers(0x00280102, 'US', bits - 1),
    numbers(0x00280103, 'US', 0),
    binary(0x7fe00010, wide ? 'OW' : 'OB', samples),
  ]);
  return { bytes, source };
}
