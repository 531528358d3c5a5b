/**
 * Parses DICOM files to their elements with the package dicom-parser. One sentence for a person replaces
 * the package's errors. Deflated data is inflated up to a limit.
 */
import { TextDecoder } from 'node:util';
import { constants, inflateRawSync } from 'node:zlib';
import dicomParser from 'dicom-parser';
import type { DataSet, Element } from 'dicom-parser';
import { CodecError } from '../raster.ts';

export const PIXELS = 'x7fe00010';
/** Largest size of inflated data, in bytes. */
const MAX_INFLATED = 512 * 1024 * 1024;

export const SYNTAX = {
  implicitLittle: '1.2.840.10008.1.2',
  explicitLittle: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  explicitBig: '1.2.840.10008.1.2.2',
  rle: '1.2.840.10008.1.2.5',
  jpegBaseline: '1.2.840.10008.1.2.4.50',
  jpegExtended: '1.2.840.10008.1.2.4.51',
  jpegLossless: '1.2.840.10008.1.2.4.57',
  jpegLosslessFirst: '1.2.840.10008.1.2.4.70',
  jpegLs: '1.2.840.10008.1.2.4.80',
  jpegLsNear: '1.2.840.10008.1.2.4.81',
  jpeg2000Lossless: '1.2.840.10008.1.2.4.90',
  jpeg2000: '1.2.840.10008.1.2.4.91',
  highThroughputLossless: '1.2.840.10008.1.2.4.201',
  highThroughputRpcl: '1.2.840.10008.1.2.4.202',
  highThroughput: '1.2.840.10008.1.2.4.203',
} as const;

/** The elements of a DICOM file. Their offsets are positions in `bytes`. */
export interface DicomData {
  readonly syntax: string;
  readonly elements: DataSet;
  readonly bytes: Uint8Array;
}

/**
 * Runs `work`, which reads a file's elements.
 * @throws CodecError: that of `work`, or one that replaces any other error of `work`
 */
export function withDicomErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CodecError) throw error;
    throw new CodecError('is cut short or a broken DICOM file: copy it again.');
  }
}

function inflated(bytes: Uint8Array, from: number): Uint8Array {
  try {
    return inflateRawSync(bytes.subarray(from), {
      maxOutputLength: MAX_INFLATED,
      // Accepts an early end of the stream: `bytes` may be only the first part of the file.
      finishFlush: constants.Z_SYNC_FLUSH,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    throw new CodecError('unpacks to more than 512 MB: scale it down.');
  }
}

/**
 * Parses the elements of a file.
 * @param untilTag the element at which parsing stops; default: the end of the file
 * @throws CodecError when the file is broken.
 */
export function parseDicom(bytes: Uint8Array, untilTag?: string): DicomData {
  return withDicomErrors(() => {
    const syntax = dicomParser.readPart10Header(bytes).string('x00020010') ?? SYNTAX.implicitLittle;
    const elements = dicomParser.parseDicom(bytes, {
      ...(untilTag !== undefined && { untilTag }),
      inflater: inflated,
    });
    return { syntax, elements, bytes: elements.byteArray };
  });
}

/**
 * Parses the elements before the pixels.
 * @param bytes the first bytes of a file
 * @param whole whether they are the whole file
 * @returns null if more bytes are needed and `whole` is false
 */
export function dicomHead(bytes: Uint8Array, whole: boolean): DicomData | null {
  try {
    const data = parseDicom(bytes, PIXELS);
    if (whole || data.elements.elements[PIXELS] !== undefined) return data;
  } catch (error) {
    if (whole) throw error;
  }
  return null;
}

/** The items of a sequence; empty if there is no such sequence. */
export function itemsOf(elements: DataSet, tag: string): DataSet[] {
  const items: Element[] = elements.elements[tag]?.items ?? [];
  return items.map(({ dataSet }) => dataSet).filter((item) => item !== undefined);
}

/** The bytes of an element's value, or null if there is no such element. */
export function valueOf({ bytes, elements }: DicomData, tag: string): Uint8Array | null {
  const element = elements.elements[tag];
  if (element === undefined) return null;
  return bytes.subarray(element.dataOffset, element.dataOffset + element.length);
}

/** By number or name of a DICOM character set: its name in `TextDecoder`. Reference: PS3.3, C.12.1.1.2. */
const CHARSETS: Readonly<Record<string, string>> = {
  '100': 'iso-8859-1',
  '101': 'iso-8859-2',
  '109': 'iso-8859-3',
  '110': 'iso-8859-4',
  '144': 'iso-8859-5',
  '127': 'iso-8859-6',
  '126': 'iso-8859-7',
  '138': 'iso-8859-8',
  '148': 'iso-8859-9',
  '13': 'shift_jis',
  '87': 'iso-2022-jp',
  '149': 'euc-kr',
  '166': 'windows-874',
  '192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/** The escape sequence that announces Korean. It is not part of the text. */
const KOREAN = '\u001b$)C';

function decoderOf(charset: string): TextDecoder {
  // If a file names several character sets, the last one is used: the first is often plain ASCII.
  const term = charset.split('\\').at(-1)?.trim() ?? '';
  const name = CHARSETS[/(\d+)$/.exec(term)?.[1] ?? ''] ?? CHARSETS[term] ?? 'iso-8859-1';
  try {
    return new TextDecoder(name);
  } catch {
    return new TextDecoder('utf-8');
  }
}

/**
 * Decodes the text of an element and removes its padding.
 * @param charset the file's character set. Default: the one that `elements` names, which an item of a
 *   sequence seldom does
 */
export function textOf(elements: DataSet, tag: string, charset?: string): string {
  const element = elements.elements[tag];
  if (element === undefined || element.length === 0) return '';
  const { dataOffset, length } = element;
  const bytes = elements.byteArray.subarray(dataOffset, dataOffset + length);
  const text = decoderOf(charset ?? charsetOf(elements)).decode(bytes);
  return text
    .replaceAll(KOREAN, '')
    .replace(/[\0 ]+$/, '')
    .trimStart();
}

export function charsetOf(elements: DataSet): string {
  return elements.string('x00080005') ?? '';
}
