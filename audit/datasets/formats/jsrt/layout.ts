/** The JSRT originals with the masks of the SCR database: what lies where. */
import { z } from 'zod';

/** The mask folders of SCR, as they are named there; matching takes `_` and `-` for the space. */
export const SCR_FOLDERS = [
  'left lung',
  'right lung',
  'heart',
  'left clavicle',
  'right clavicle',
] as const;
export type ScrFolder = (typeof SCR_FOLDERS)[number];

/** Structures with both sides joined, and of which folders each is the union. */
export const JOINED: Readonly<Record<string, readonly ScrFolder[]>> = {
  lung: ['left lung', 'right lung'],
  heart: ['heart'],
  clavicle: ['left clavicle', 'right clavicle'],
};

export const JsrtOptions = z.object({ sides: z.enum(['joined', 'apart']).default('joined') });

/** Kept with the project. Files of each case are found by the paths, relative to the root. */
export const JsrtLayout = z.object({
  sides: z.enum(['joined', 'apart']),
  /** Case → the mask files it has, by SCR folder, relative to the root, with `/`. */
  masks: z.record(z.string(), z.record(z.string(), z.string())),
});
export type JsrtLayout = z.infer<typeof JsrtLayout>;

/** The SCR folder of this name, or null. */
export function scrFolderOf(name: string): ScrFolder | null {
  const plain = name.toLowerCase().replace(/[_-]/g, ' ');
  return SCR_FOLDERS.find((folder) => folder === plain) ?? null;
}

/** Structures of an import, with the folders each is made of. */
export function jsrtStructures(
  sides: 'joined' | 'apart',
): (readonly [string, readonly ScrFolder[]])[] {
  if (sides === 'joined') return Object.entries(JOINED);
  return SCR_FOLDERS.map((folder) => [folder, [folder]] as const);
}
