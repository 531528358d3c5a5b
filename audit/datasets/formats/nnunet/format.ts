/**
 * nnU-Net: the raw data of the segmentation framework nnU-Net. `dataset.json` names the structures;
 * imagesTr holds a file per case and channel; labelsTr holds a multi-valued mask per case.
 *
 * Reading: `layout.ts` parses the labels in `dataset.json`; `find.ts` finds images and folds; `reader.ts`
 * lists the cases; `masks/label-files.ts` decodes a mask.
 * Writing: `writer.ts`.
 */
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
