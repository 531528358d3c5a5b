/** YOLO segmentation as Ultralytics lays it out: `data.yaml`, images and, beside them, labels. */
import { z } from 'zod';

export const YoloLayout = z.object({
  /** The numbers of the classes, with the structure of each. */
  classes: z.array(z.tuple([z.number().int(), z.string()])),
  /** Case → its files, relative to the root, with `/`. */
  cases: z.record(z.string(), z.object({ image: z.string(), label: z.string() })),
});
export type YoloLayout = z.infer<typeof YoloLayout>;

/** Where the labels of an image lie: in a folder `labels` where it lies in `images`. */
export function labelFileOf(image: string): string {
  const at = `/${image}`.lastIndexOf('/images/');
  const path = at < 0 ? image : `${image.slice(0, at)}labels/${image.slice(at + 'images/'.length)}`;
  return path.replace(/\.[^./]*$/, '.txt');
}
