/**
 * Datasets as the PASCAL VOC challenge lays them out for segmentation: `JPEGImages`,
 * `SegmentationClass` (a palette picture each, its numbers are classes), `ImageSets/Segmentation`.
 * Reference: Everingham et al., The PASCAL VOC Challenge 2012, development kit.
 */
import { z } from 'zod';

export const VocLayout = z.object({
  /** Where these folders lie below the dataset's root, with `/`; empty: in it. */
  base: z.string(),
  legend: z.array(z.tuple([z.number().int(), z.string()])),
  /** Case → its files, relative to the root, with `/`. */
  cases: z.record(z.string(), z.object({ image: z.string(), mask: z.string() })),
});
export type VocLayout = z.infer<typeof VocLayout>;

export const IMAGES = 'JPEGImages';
export const CLASSES = 'SegmentationClass';
export const OBJECTS = 'SegmentationObject';
export const BOXES = 'Annotations';
export const SETS = 'ImageSets';
export const LABEL_MAP = 'labelmap.txt';

/** A pixel that belongs to no class and counts for nothing. */
export const VOID = 255;

/** The classes of the challenge, from 1 on. */
export const VOC_CLASSES: readonly string[] = [
  'aeroplane',
  'bicycle',
  'bird',
  'boat',
  'bottle',
  'bus',
  'car',
  'cat',
  'chair',
  'cow',
  'diningtable',
  'dog',
  'horse',
  'motorbike',
  'person',
  'pottedplant',
  'sheep',
  'sofa',
  'train',
  'tvmonitor',
];

/** The colours that the challenge gives its 256 numbers: their bits, dealt out to the channels. */
export function vocPalette(): Uint8Array {
  const palette = new Uint8Array(768);
  for (let value = 0; value < 256; value += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        palette[3 * value + channel] |= ((value >> (3 * bit + channel)) & 1) << (7 - bit);
      }
    }
  }
  return palette;
}
