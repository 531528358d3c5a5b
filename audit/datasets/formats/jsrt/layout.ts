/** The mask folders of SCR, and the structures that an import makes from them. */
import { z } from 'zod';

/** The mask folders of SCR. A folder may have `_` or `-` instead of the space. */
export const SCR_FOLDERS = [
  'left lung',
  'right lung',
  'heart',
  'left clavicle',
  'right clavicle',
] as const;
export type ScrFolder = (typeof SCR_FOLDERS)[number];

/**
 * The structures of an import that joins both sides. The mask of each is the union of the masks in its
 * folders.
 */
const JOINED: Readonly<Record<string, readonly ScrFolder[]>> = {
  lung: ['left lung', 'right lung'],
  heart: ['heart'],
  clavicle: ['left clavicle', 'right clavicle'],
};

export const JsrtOptions = z.object({ sides: z.enum(['joined', 'apart']).default('joined') });

/** The facts that an export needs from the import; the project stores them. */
export const JsrtLayout = z.object({
  sides: z.enum(['joined', 'apart']),
  /** Case → SCR folder → mask file, relative to the root, with `/`. */
  masks: z.record(z.string(), z.record(z.string(), z.string())),
});
export type JsrtLayout = z.infer<typeof JsrtLayout>;

/** The SCR folder with this name, or null. */
export function scrFolderOf(name: string): ScrFolder | null {
  const plain = name.toLowerCase().replace(/[_-]/g, ' ');
  return SCR_FOLDERS.find((folder) => folder === plain) ?? null;
}

/** The structures of an import, each with the SCR folders whose masks it joins. */
export function jsrtStructures(
  sides: 'joined' | 'apart',
): (readonly [string, readonly ScrFolder[]])[] {
  if (sides === 'joined') return Object.entries(JOINED);
  return SCR_FOLDERS.map((folder) => [folder, [folder]] as const);
}
