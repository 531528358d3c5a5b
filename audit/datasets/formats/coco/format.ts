/** COCO: images and annotations in one or several JSON files. */
import { basename, dirname } from 'node:path';
import { foundFile } from '../../tree/walk.ts';
import type { DatasetFormat } from '../../types.ts';
import { findCocoFiles } from './plan.ts';
import { cocoReader } from './reader.ts';
import { cocoWriter } from './writer.ts';

/** Where COCO keeps its files, beside the folders of images. */
const BESIDE = /^annotations$/i;

export const coco: DatasetFormat = {
  name: 'coco',
  title: 'COCO',
  reader: cocoReader,
  writer: cocoWriter,
  claims: async (file) => (await findCocoFiles([foundFile(file)])).length > 0,
  datasetOf: (file) => {
    const folder = dirname(file);
    return { source: BESIDE.test(basename(folder)) ? dirname(folder) : folder };
  },
};
