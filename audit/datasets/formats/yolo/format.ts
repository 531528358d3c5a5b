/** YOLO segmentation, as Ultralytics trains on it: a text file of outlines for each image. */
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
