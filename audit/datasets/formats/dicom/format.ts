/** DICOM radiographs with DICOM-SEG or folders of masks; and DICOM-SEG made of any dataset. */
import type { DatasetFormat } from '../../types.ts';
import { dicomReader } from './reader.ts';
import { dicomSegWriter, dicomWriter } from './writer.ts';

export const dicom: DatasetFormat = {
  name: 'dicom',
  title: 'DICOM',
  reader: dicomReader,
  writer: dicomWriter,
};

/** Read as `dicom`. */
export const dicomSeg: DatasetFormat = {
  name: 'dicom-seg',
  title: 'DICOM-SEG',
  reader: null,
  writer: dicomSegWriter,
};
