/** The folders, classes and colours of PASCAL VOC, and the layout that an export needs. */
import { z } from 'zod';

/** The facts that an export needs from the import; the project stores them. */
export const VocLayout = z.object({
  /**
   * The folder that holds JPEGImages and VOC's other folders: its path below the root, with `/`; '' for
   * the root itself.
   */
  base: z.string(),
  legend: z.array(z.tuple([z.number().int(), z.string()])),
  /** Colours (0xRRGGBB) and the numbers of their classes; missing if the dataset states no colours. */
  colours: z.array(z.tuple([z.number().int(), z.number().int()])).optional(),
  /** Case → its files, relative to the root, with `/`. */
  cases: z.record(z.string(), z.object({ image: z.string(), mask: z.string() })),
});
export type VocLayout = z.infer<typeof VocLayout>;

export const IMAGES = 'JPEGImages';
export const CLASSES = 'SegmentationClass';
export const OBJECTS = 'SegmentationObject';
/** The masks of the older labelme2voc.py, which has arrays of NumPy in the folders of the usual names. */
export const CLASSES_PNG = 'SegmentationClassPNG';
export const OBJECTS_PNG = 'SegmentationObjectPNG';
export const BOXES = 'Annotations';
export const IMAGE_SETS = 'ImageSets';
export const LABEL_MAP = 'labelmap.txt';

/** The value of pixels that belong to no class and are ignored. */
export const VOID = 255;

/** The classes of the challenge, in the order of their numbers, which begin at 1. */
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

/** The challenge's 256 colours. A class's colour is made from the bits of its number. */
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
