/**
 * PASCAL VOC: the layout of the PASCAL VOC challenge. JPEGImages holds the images. SegmentationClass
 * holds a palette PNG per image, in which each pixel's number is its class. SegmentationObject (optional)
 * holds a palette PNG per image, in which each pixel's number is its instance.
 *
 * Reading: `reader.ts` lists the cases; `layout.ts` has folders and classes; `masks/label-files.ts`
 * decodes a mask.
 * Writing: `writer.ts`; `objects.ts` renumbers the instances.
 * Reference: Everingham et al., The PASCAL VOC Challenge 2012, development kit.
 */
import type { DatasetFormat } from '../../types.ts';
import { vocReader } from './reader.ts';
import { vocWriter } from './writer.ts';

export const voc: DatasetFormat = {
  name: 'voc',
  title: 'PASCAL VOC',
  reader: vocReader,
  writer: vocWriter,
};
