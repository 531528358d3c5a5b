/** nnU-Net’s raw data: images by channel, one multi-valued label file a case. */
import { basename, dirname } from 'node:path';
import type { DatasetFormat } from '../../types.ts';
import { DATASET_FILE, FOLDS_FILE } from './layout.ts';
import { nnunetReader } from './reader.ts';
import { nnunetWriter } from './writer.ts';

export const nnunet: DatasetFormat = {
  name: 'nnunet',
  title: 'nnU-Net',
  reader: nnunetReader,
  writer: nnunetWriter,
  claims: async (file) =>
    [DATASET_FILE, FOLDS_FILE].includes(basename(file)) &&
    (await nnunetReader.guess(dirname(file))) !== null,
};
