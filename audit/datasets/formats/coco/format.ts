/**
 * COCO: JSON files with three lists (images, categories, annotations). An annotation draws one instance
 * in one image, as polygons or run lengths.
 *
 * Reading: `reader.ts` lists the cases; `plan.ts` joins the files with their images; `annotations.ts`
 * finds the annotations in a file; `masks/segmentation.ts` paints an annotation into a mask.
 * Writing: `writer.ts`; `edits.ts` collects the changes of one file.
 * Reference: Lin et al., Microsoft COCO, ECCV 2014; https://cocodataset.org/#format-data
 */
import { basename, dirname } from 'node:path';
import { foundFile } from '../../tree/walk.ts';
import type { DatasetFormat } from '../../types.ts';
import { findCocoFiles } from './plan.ts';
import { cocoReader } from './reader.ts';
import { cocoWriter } from './writer.ts';

/** The folder of COCO's JSON files; it lies beside the folders of images. */
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
