/**
 * What a packed project holds: a zip of the project's own files under their own names, a manifest
 * first, and last the SHA-256 of each, as `sha256sum -c` reads it. Whoever unpacks it by hand has
 * the project's folder.
 */
import { z } from 'zod';

export const MANIFEST = 'manifest.json';
export const SUMS = 'SHA256SUMS';
export const DATABASE = 'project.db';
/** Where the images lie in the pack, and in a project that was unpacked with them. */
export const PACKED_IMAGES = 'images';

export const PackManifest = z.object({
  format: z.literal('overread-project'),
  version: z.number().int().positive(),
  /** The Overread that packed it, for people. */
  overread: z.string(),
  name: z.string(),
  cases: z.number().int().nonnegative(),
  labels: z.number().int().nonnegative(),
  /** Whether the images are in it. */
  images: z.boolean(),
  packedAt: z.string(),
});
export type PackManifest = z.infer<typeof PackManifest>;

export const PACK_VERSION = 1;

const LABEL = /^labels\/([0-9a-f]{2})\/\1[0-9a-f]{62}\.mask$/;
const RUN_FILE = /^runs(\/[A-Za-z0-9][A-Za-z0-9._-]{0,199}){2,4}$/;

/** Names that a file system takes for something else: the folder itself, the one above, a device. */
function isPlainName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || name.length > 255) return false;
  if (name.includes('\\') || name.includes('\0')) return false;
  return process.platform !== 'win32' || !/[:*?"<>|]|[. ]$/.test(name);
}

/**
 * Whether an entry of this name is part of a packed project. What passes lies below the folder it
 * is unpacked into, as a file of a kind that a project has.
 */
export function isPackName(name: string): boolean {
  if (name === MANIFEST || name === SUMS || name === DATABASE) return true;
  if (LABEL.test(name) || RUN_FILE.test(name)) return true;
  const [top, ...rest] = name.split('/');
  return top === PACKED_IMAGES && name.length <= 4096 && rest.length > 0 && rest.every(isPlainName);
}
