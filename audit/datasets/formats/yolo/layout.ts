/** The folders of YOLO, and the layout that an export needs. */
import { z } from 'zod';

/** The facts that an export needs from the import; the project stores them. */
export const YoloLayout = z.object({
  /** The number of each class and its structure. */
  classes: z.array(z.tuple([z.number().int(), z.string()])),
  /** Case → its files, relative to the root, with `/`. */
  cases: z.record(z.string(), z.object({ image: z.string(), label: z.string() })),
});
export type YoloLayout = z.infer<typeof YoloLayout>;

/**
 * The label file of an image: in the image's path the last folder `images` becomes `labels`, and the
 * extension becomes `.txt`.
 */
export function labelFileOf(image: string): string {
  const at = `/${image}`.lastIndexOf('/images/');
  const path = at < 0 ? image : `${image.slice(0, at)}labels/${image.slice(at + 'images/'.length)}`;
  return path.replace(/\.[^./]*$/, '.txt');
}
