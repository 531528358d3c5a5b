/**
 * YOLO segmentation: the format that Ultralytics trains on. `data.yaml` names the classes and the folders
 * of images; each image has a text file with a line per instance: its class and its outline.
 *
 * Reading: `find.ts` reads `data.yaml`; `reader.ts` lists the cases; `lines.ts` parses a line and draws
 * it into a mask; `layout.ts` finds the text file of an image.
 * Writing: `writer.ts` replaces the lines of corrected instances.
 */
import type { DatasetFormat } from '../../types.ts';
import { yoloReader } from './reader.ts';
import { yoloWriter } from './writer.ts';

export const yolo: DatasetFormat = {
  name: 'yolo',
  title: 'YOLO segmentation',
  reader: yoloReader,
  writer: yoloWriter,
  claims: async (file) => /\.ya?ml$/i.test(file),
};
