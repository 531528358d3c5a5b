/** Matches mask files with images by their names. Pure. */
import { extensionOf } from '../../codecs/sniff.ts';
import { isLegendFile } from './legend.ts';
import { changed, leftOut } from '../import/notices.ts';
import { coresOf, sharedAffix, withoutAffix } from './shared-affix.ts';
import type { Affix } from './shared-affix.ts';
import type { ImportNotice } from '../../contract/terms.ts';
import { IMAGE_FORMATS, isImageName } from '../tree/walk.ts';
import type { FoundFile } from '../tree/walk.ts';

/** The words that tools append to an image's name to make the name of its mask. */
const SUFFIXES = ['mask', 'masks', 'label', 'labels', 'seg', 'segmentation', 'gt', 'annotation'];
/**
 * Extensions of images, the preferred first; formats without loss come before JPEG. If several images
 * have the same name, the one with the preferred extension is taken.
 */
const PREFERENCE = [
  'nii.gz',
  'nii',
  'png',
  'tif',
  'tiff',
  'img',
  'gif',
  'bmp',
  'dib',
  'jpg',
  'jpeg',
];

/** The reason for leaving out a mask without an image. */
export const NO_IMAGE = 'has no image of its name.';

const extension = (file: FoundFile): string => extensionOf(file.relative).slice(1).toLowerCase();

/** The image files of a folder, one per name, and notices of all other files. */
export function imagesOf(files: readonly FoundFile[]): {
  images: FoundFile[];
  notices: ImportNotice[];
} {
  const notices: ImportNotice[] = [];
  const byId = new Map<string, FoundFile[]>();
  for (const file of files) {
    // A legend may lie among the masks. It is skipped without a notice.
    if (isLegendFile(file.path)) continue;
    if (!isImageName(file.relative)) {
      notices.push(leftOut(file.path, `is not named like an image (${IMAGE_FORMATS}).`));
      continue;
    }
    byId.set(file.id, [...(byId.get(file.id) ?? []), file]);
  }
  const images: FoundFile[] = [];
  for (const same of byId.values()) {
    const place = (file: FoundFile) => {
      const at = PREFERENCE.indexOf(extension(file));
      return at < 0 ? PREFERENCE.length : at;
    };
    const [first, ...others] = same.sort((a, b) => place(a) - place(b));
    images.push(first);
    for (const file of others) {
      notices.push(leftOut(file.path, `has the same name as ${first.relative}, which was taken.`));
    }
  }
  return { images, notices };
}

/** The name without the longest suffix that marks a mask of `structure`, or null if it has no such suffix. */
function withoutSuffix(id: string, structure: string): string | null {
  const lower = id.toLowerCase();
  const endings = [structure, structure.replace(/ /g, '_'), ...SUFFIXES].map((name) =>
    name.toLowerCase(),
  );
  endings.sort((a, b) => b.length - a.length);
  for (const ending of endings) {
    for (const separator of ['_', '-', '.', ' ']) {
      const suffix = `${separator}${ending}`;
      if (lower.endsWith(suffix) && lower.length > suffix.length) {
        return id.slice(0, id.length - suffix.length);
      }
    }
  }
  return null;
}

/**
 * The id of a mask's image: the mask's name, or that name without its suffixes. Null if no image has such
 * an id.
 */
function imageOf(id: string, structure: string, has: (id: string) => boolean): string | null {
  let name: string | null = id;
  // Removes up to two suffixes, as in `x_lung_mask`.
  for (let step = 0; step < 3 && name !== null; step += 1) {
    if (has(name)) return name;
    name = withoutSuffix(name, structure);
  }
  return null;
}

/** How the names of masks lead to their images. */
interface Naming {
  readonly idFor: (id: string) => string | null;
  /** The sentence about names that masks share, for the first mask. */
  readonly note?: string;
}

const pattern = ({ prefix, suffix }: Affix): string => `“${prefix}…${suffix}”`;

/** The naming of masks of which none has the name of an image, or null if their names share nothing. */
function sharedNaming(masks: readonly string[], images: ReadonlySet<string>): Naming | null {
  const plain = {
    affix: { prefix: '', suffix: '' },
    idOf: new Map([...images].map((id) => [id, id])),
  };
  for (const { affix: own, idOf } of [plain, coresOf(images)].filter((names) => names !== null)) {
    const affix = sharedAffix(masks, new Set(idOf.keys()));
    if (affix === null) continue;
    return {
      idFor: (id) => idOf.get(withoutAffix(id, affix) ?? '') ?? null,
      note:
        `is called ${pattern(affix)} where its image is called ${pattern(own)}, ` +
        'as all masks of its folder are: matched so.',
    };
  }
  return null;
}

/**
 * Matches the masks of one structure with images. If no mask has the name of an image, it looks for what
 * all their names share.
 * @returns the mask for each image's id, and notices of the files that were left out
 */
export function matchMasks(
  masks: readonly FoundFile[],
  structure: string,
  images: ReadonlySet<string>,
): { matched: Map<string, FoundFile>; notices: ImportNotice[] } {
  const { images: files, notices } = imagesOf(masks);
  const matched = new Map<string, FoundFile>();
  const byName = (id: string) => imageOf(id, structure, (name) => images.has(name));
  const ids = files.map((file) => file.id);
  const shared = ids.some((id) => byName(id) !== null) ? null : sharedNaming(ids, images);
  const { idFor, note }: Naming = shared ?? { idFor: byName };
  const notice = note === undefined ? undefined : changed(files[0].path, [note]);
  if (notice !== undefined) notices.push(notice);
  // A mask with exactly the image's name is matched before a mask with a suffix, so it is preferred.
  for (const exact of [true, false]) {
    for (const file of files) {
      if (images.has(file.id) !== exact) continue;
      const id = idFor(file.id);
      if (id === null) {
        notices.push(leftOut(file.path, NO_IMAGE));
      } else if (matched.has(id)) {
        const other = matched.get(id)!.relative;
        notices.push(leftOut(file.path, `is a second mask of ${id}: ${other} was taken.`));
      } else {
        matched.set(id, file);
      }
    }
  }
  return { matched, notices };
}
