/**
 * “CVAT for images 1.1”: the labelling tool CVAT exports one XML file with the polygons and masks of
 * all images of a task, beside the images.
 *
 * Reading: `reader.ts` lists the cases; `xml.ts` parses the file; `shapes.ts` draws a shape into a mask.
 * Writing: `writer.ts` replaces the elements of corrected shapes.
 */
import type { DatasetFormat } from '../../types.ts';
import { cvatReader } from './reader.ts';
import { cvatWriter } from './writer.ts';

export const cvat: DatasetFormat = {
  name: 'cvat',
  title: 'CVAT for images',
  reader: cvatReader,
  writer: cvatWriter,
  claims: async (file) => /\.xml$/i.test(file),
};
