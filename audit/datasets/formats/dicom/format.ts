/**
 * DICOM: the file format of hospitals. Each radiograph is a file; its labels are a DICOM-SEG file (a
 * DICOM file of masks that refers to the image), or masks in folders. Any dataset can be written with
 * DICOM-SEG.
 *
 * Reading: `find.ts` finds images and DICOM-SEG; `reader.ts` joins them to cases;
 * `codecs/dicom/seg.ts` decodes the masks of a DICOM-SEG.
 * Writing: `writer.ts`; `objects.ts` makes the DICOM files; `codes.ts` names structures in SNOMED CT.
 */
import type { DatasetFormat } from '../../types.ts';
import { dicomReader } from './reader.ts';
import { dicomSegWriter, dicomWriter } from './writer.ts';

export const dicom: DatasetFormat = {
  name: 'dicom',
  title: 'DICOM',
  reader: dicomReader,
  writer: dicomWriter,
};

/** This format has no reader of its own, because the reader of `dicom` also reads DICOM-SEG. */
export const dicomSeg: DatasetFormat = {
  name: 'dicom-seg',
  title: 'DICOM-SEG',
  reader: null,
  writer: dicomSegWriter,
};
