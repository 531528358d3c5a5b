/** Encodes DICOM files: explicit VR, little endian, UTF-8. Reference: PS3.5, section 7, and PS3.10. */
import { randomUUID } from 'node:crypto';
import { SYNTAX } from './data.ts';

/** Value representations (VRs) whose length field has four bytes; that of all others has two. */
const LONG = new Set(['OB', 'OW', 'SQ', 'UT', 'UN']);
const NUMBER_BYTES: Readonly<Record<string, 2 | 4>> = { US: 2, UL: 4 };
/** The UID that identifies Overread as the program that wrote a file. */
const IMPLEMENTATION = '2.25.187239812330142905498311962203214217853';

/** The elements of a data set or of an item, in any order. */
export type DicomItem = readonly DicomElement[];

export interface DicomElement {
  /** Group and element, 0xggggeeee. */
  readonly tag: number;
  readonly vr: string;
  readonly value: Uint8Array | readonly DicomItem[];
}

const PAD = { text: 0x20, other: 0 };

/** An element of one or several texts. */
export function text(tag: number, vr: string, ...values: readonly string[]): DicomElement {
  return { tag, vr, value: Buffer.from(values.join('\\'), 'utf8') };
}

/** An element of numbers, of two bytes each (US) or of four (UL). */
export function numbers(tag: number, vr: 'US' | 'UL', ...values: readonly number[]): DicomElement {
  const size = NUMBER_BYTES[vr];
  const value = Buffer.alloc(values.length * size);
  values.forEach((number, i) => value.writeUIntLE(number, i * size, size));
  return { tag, vr, value };
}

/** An element that points to the element with the tag `to`. */
export function pointer(tag: number, to: number): DicomElement {
  const value = Buffer.alloc(4);
  value.writeUInt16LE(to >>> 16, 0);
  value.writeUInt16LE(to & 0xffff, 2);
  return { tag, vr: 'AT', value };
}

export function sequence(tag: number, ...items: readonly DicomItem[]): DicomElement {
  return { tag, vr: 'SQ', value: items };
}

export function binary(tag: number, vr: 'OB' | 'OW', value: Uint8Array): DicomElement {
  return { tag, vr, value };
}

/** A new UID. Reference: PS3.5, B.2. */
export function newUid(): string {
  return `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;
}

function tagBytes(tag: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(tag >>> 16, 0);
  bytes.writeUInt16LE(tag & 0xffff, 2);
  return bytes;
}

function itemBytes(item: DicomItem): Buffer {
  const body = encodeItem(item);
  const head = Buffer.alloc(8);
  tagBytes(0xfffee000).copy(head);
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

function isItems(value: DicomElement['value']): value is readonly DicomItem[] {
  return !(value instanceof Uint8Array);
}

function encodeElement({ tag, vr, value }: DicomElement): Buffer {
  let body = isItems(value) ? Buffer.concat(value.map(itemBytes)) : Buffer.from(value);
  if (body.length % 2 === 1) {
    const pad = ['UI', 'OB', 'OW'].includes(vr) ? PAD.other : PAD.text;
    body = Buffer.concat([body, Buffer.of(pad)]);
  }
  const head = Buffer.alloc(LONG.has(vr) ? 12 : 8);
  tagBytes(tag).copy(head);
  head.write(vr, 4, 'latin1');
  if (LONG.has(vr)) head.writeUInt32LE(body.length, 8);
  else head.writeUInt16LE(body.length, 6);
  return Buffer.concat([head, body]);
}

function encodeItem(item: DicomItem): Buffer {
  return Buffer.concat([...item].sort((a, b) => a.tag - b.tag).map(encodeElement));
}

/**
 * Encodes a whole file.
 * @param sopClass UID of the SOP class of the object in the file
 * @param uid SOP Instance UID of the object in the file
 */
export function encodeDicom(sopClass: string, uid: string, elements: DicomItem): Buffer {
  const meta = encodeItem([
    binary(0x00020001, 'OB', Uint8Array.of(0, 1)),
    text(0x00020002, 'UI', sopClass),
    text(0x00020003, 'UI', uid),
    text(0x00020010, 'UI', SYNTAX.explicitLittle),
    text(0x00020012, 'UI', IMPLEMENTATION),
    text(0x00020013, 'SH', 'OVERREAD'),
  ]);
  const length = encodeElement(numbers(0x00020000, 'UL', meta.length));
  const identity = [
    text(0x00080005, 'CS', 'ISO_IR 192'),
    text(0x00080016, 'UI', sopClass),
    text(0x00080018, 'UI', uid),
  ];
  const body = encodeItem([...identity, ...elements]);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), length, meta, body]);
}
