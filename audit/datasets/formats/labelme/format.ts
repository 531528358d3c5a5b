/**
 * labelme: the labelling tool labelme writes one JSON file per image with its shapes (polygons, circles,
 * masks and others), and may store the image in the same file.
 *
 * Reading: `reader.ts` lists the cases; `file.ts` parses a JSON file; `shapes.ts` draws a shape into a
 * mask; `codecs/labelme.ts` reads an image inside a JSON file.
 * Writing: `writer.ts` edits the JSON files.
 */
import type { DatasetFormat } from '../../types.ts';
import { labelmeReader } from './reader.ts';
import { labelmeWriter } from './writer.ts';

export const labelme: DatasetFormat = {
  name: 'labelme',
  title: 'labelme',
  reader: labelmeReader,
  writer: labelmeWriter,
  claims: async (file) => /\.json$/i.test(file),
};
