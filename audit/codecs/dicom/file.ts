/** Reads from disk the elements of a DICOM file before its pixels, or a whole DICOM-SEG. */
import { dicomHead } from './data.ts';
import type { DicomData } from './data.ts';
import { decodeSegmentation } from './seg.ts';
import type { DecodedSegmentation } from './seg.ts';
import { DICOM_STEP, readAt, stepwise, withFile } from '../index.ts';
import { CodecError, MAX_BYTES } from '../raster.ts';
import { SNIFF_BYTES, formatOfName, sniff } from '../sniff.ts';
import { openRegular } from '../../regular.ts';

/** Whether a file is DICOM, judged by its first bytes; false if it cannot be read. */
export async function isDicom(path: string): Promise<boolean> {
  const file = await openRegular(path).catch(() => null);
  if (file === null) return false;
  try {
    return sniff(await readAt(file, 0, SNIFF_BYTES), path, -1) === 'dicom';
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

/**
 * Whether a file may be DICOM, judged by its name: false only for the extensions of other image formats.
 * DICOM files often have no extension, or a number as their extension.
 */
export function mayBeDicom(name: string): boolean {
  const format = formatOfName(name);
  return format === null || format === 'dicom';
}

/**
 * Reads the elements of a DICOM file before its pixels.
 * @throws UnreadableFile when the file is not DICOM or broken.
 */
export function readDicomHead(path: string): Promise<DicomData> {
  return withFile(path, (file, format, length) => {
    if (format !== 'dicom') throw new CodecError('is not a DICOM file.');
    return stepwise(file, length, dicomHead, DICOM_STEP);
  });
}

/** @throws UnreadableFile when the file is not the DICOM-SEG of one radiograph. */
export function readSegmentation(path: string): Promise<DecodedSegmentation> {
  return withFile(path, async (file, format, length) => {
    if (format !== 'dicom') throw new CodecError('is not a DICOM-SEG.');
    if (length > MAX_BYTES) throw new CodecError('is larger than 1 GB: scale it down.');
    return decodeSegmentation(await readAt(file, 0, length));
  });
}
