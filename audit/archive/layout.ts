/**
 * The layout of a pack (a packed project). It is a zip with a manifest, the files of the project folder
 * under their own names, and at its end a list of SHA-256 sums that `sha256sum -c` can check.
 */
import { z } from 'zod';

export const MANIFEST = 'manifest.json';
export const SUMS = 'SHA256SUMS';
export const DATABASE = 'project.db';
/** The folder of the images in a pack, and in a project unpacked with images. */
export const PACKED_IMAGES = 'images';

export const PackManifest = z.object({
  format: z.literal('overread-project'),
  version: z.number().int().positive(),
  /** The version of Overread that packed the project; only people read it. */
  overread: z.string(),
  name: z.string(),
  cases: z.number().int().nonnegative(),
  labels: z.number().int().nonnegative(),
  /** Whether the pack holds the images. */
  images: z.boolean(),
  packedAt: z.string(),
});
export type PackManifest = z.infer<typeof PackManifest>;

export const PACK_VERSION = 1;

const LABEL = /^labels\/([0-9a-f]{2})\/\1[0-9a-f]{62}\.mask$/;
const RUN_FILE = /^runs(\/[A-Za-z0-9][A-Za-z0-9._-]{0,199}){2,4}$/;

/** Names that Windows takes for a device, whatever follows their dot. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * Whether this operating system allows the name for one file or folder. A path and `..` are refused.
 */
export function isPlainName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || name.length > 255) return false;
  if (name.includes('\\') || name.includes('\0')) return false;
  return process.platform !== 'win32' || !(/[:*?"<>|]|[. ]$/.test(name) || DEVICE.test(name));
}

/**
 * Whether a packed project may hold an entry of this name. An accepted entry always lies inside the
 * folder it is unpacked into.
 */
export function isPackName(name: string): boolean {
  if (name === MANIFEST || name === SUMS || name === DATABASE) return true;
  const [top, ...rest] = name.split('/');
  if (LABEL.test(name)) return true;
  if (RUN_FILE.test(name)) return rest.every(isPlainName);
  return top === PACKED_IMAGES && name.length <= 4096 && rest.length > 0 && rest.every(isPlainName);
}
