/** The folders of Roboflow's semantic segmentation, and the layout that an export needs. */
import { z } from 'zod';

/** The facts that an export needs from the import; the project stores them. */
export const RoboflowLayout = z.object({
  /** Folder of a split, relative to the root (`.` is the root) → value and structure of each of its classes. */
  folders: z.record(z.string(), z.array(z.tuple([z.number().int(), z.string()]))),
  /** Case → its folder, and the paths of its files relative to the root, with `/`. */
  cases: z.record(
    z.string(),
    z.object({ folder: z.string(), image: z.string(), mask: z.string() }),
  ),
});
export type RoboflowLayout = z.infer<typeof RoboflowLayout>;
