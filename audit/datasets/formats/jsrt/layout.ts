/** The folders of SCR, and the structures made of them. */
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

/** The structures if both sides are joined. Each is the union of these folders. */
const JOINED: Readonly<Record<string, readonly ScrFolder[]>> = {
  lung: ['left lung', 'right lung'],
  heart: ['heart'],
  clavicle: ['left clavicle', 'right clavicle'],
};

export const JsrtOptions = z.object({ sides: z.enum(['joined', 'apart']).default('joined') });

/** What the writer needs; projects store it. */
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

/** The structures of an import, and the folders that each is made of. */
export function jsrtStructures(
  sides: 'joined' | 'apart',
): (readonly [string, readonly ScrFolder[]])[] {
  if (sides === 'joined') return Object.entries(JOINED);
  return SCR_FOLDERS.map((folder) => [folder, [folder]] as const);
}
