/**
 * The reader `jsrt`: the images of the JSRT database (raw `.IMG`) and the five masks of SCR (GIF,
 * 1024 × 1024) anywhere below one root, as they come out of their archives.
 * Reference: van Ginneken, Stegmann, Loog, Medical Image Analysis 10:19-40, 2006.
 */
import { basename, dirname, resolve } from 'node:path';
import { counted } from '../../../contract/words.ts';
import { UserError } from '../../../errors.ts';
import { addMask, emptyMask } from '../../../imaging/polygon.ts';
import type { Mask } from '../../../imaging/types.ts';
import { caseOf } from '../../import/case.ts';
import { checkedOptions } from '../../import/options.ts';
import { readRaster } from '../../../codecs/index.ts';
import { JsrtOptions, jsrtStructures, scrFolderOf } from './layout.ts';
import type { JsrtLayout, ScrFolder } from './layout.ts';
import { withFileName } from '../../masks/label-files.ts';
import { binaryMask, fitToImage } from '../../masks/masks.ts';
import { listingOf } from '../../import/listing.ts';
import { changed, leftOut } from '../../import/notices.ts';
import { portable } from '../../tree/places.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type {
  CaseSource,
  DatasetListing,
  DatasetReader,
  LabelSource,
  Looking,
} from '../../types.ts';
import { walk } from '../../tree/walk.ts';
import type { FoundFile } from '../../tree/walk.ts';

const IMAGE = /\.img$/i;
const MASK = /\.(gif|png|bmp|tiff?)$/i;
const FOLD = /^fold\d+$/i;

const stem = (file: FoundFile): string => basename(file.id);

/** The files below the root, by case. */
interface Found {
  readonly images: Map<string, FoundFile>;
  readonly masks: Map<string, Partial<Record<ScrFolder, FoundFile>>>;
  readonly notices: ImportNotice[];
}

async function find(root: string, signal?: AbortSignal): Promise<Found> {
  const found: Found = { images: new Map(), masks: new Map(), notices: [] };
  for (const file of await walk(root, signal)) {
    const id = stem(file);
    const folder = scrFolderOf(basename(dirname(file.path)));
    if (IMAGE.test(file.relative)) {
      const other = found.images.get(id);
      if (other === undefined) found.images.set(id, file);
      else
        found.notices.push(
          leftOut(file.path, `has the same name as ${other.relative}, which was taken.`),
        );
    } else if (folder !== null && MASK.test(file.relative)) {
      const masks = found.masks.get(id) ?? {};
      const other = masks[folder];
      if (other === undefined) masks[folder] = file;
      else
        found.notices.push(
          leftOut(file.path, `is a second mask of ${id}: ${other.relative} was taken.`),
        );
      found.masks.set(id, masks);
    }
  }
  return found;
}

async function readMask(
  file: string,
  image: { width: number; height: number },
): Promise<{ mask: Mask; notes: (string | undefined)[] }> {
  const { raster, notes } = await readRaster(file);
  return withFileName(file, () => {
    const binary = binaryMask(raster);
    const fitted = fitToImage(binary.mask, image);
    return { mask: fitted.mask, notes: [...notes, binary.note, fitted.note] };
  });
}

function union(masks: readonly Mask[]): Mask {
  const united = emptyMask(masks[0].width, masks[0].height);
  for (const mask of masks) addMask(united, mask);
  return united;
}

/** Makes a label from one mask file, or from the two files of the left and the right side. */
function labelOf(structure: string, files: readonly string[]): LabelSource {
  return {
    structure,
    file: files[0],
    read: async (image) => {
      const parts = await Promise.all(files.map((file) => readMask(file, image)));
      const notes = new Set(parts.flatMap((part) => part.notes));
      const notice = changed(files[0], [...notes]);
      return { mask: union(parts.map(({ mask }) => mask)), ...(notice && { notice }) };
    },
  };
}

function foldOf(masks: Partial<Record<ScrFolder, FoundFile>>): string | null {
  const parts = Object.values(masks)[0]?.relative.split('/') ?? [];
  return parts.find((part) => FOLD.test(part)) ?? null;
}

async function open(
  source: string,
  options: Readonly<Record<string, unknown>>,
  { signal }: Looking = {},
): Promise<DatasetListing> {
  const { sides } = checkedOptions(JsrtOptions, options);
  const root = resolve(source);
  const { images, masks, notices } = await find(root, signal);
  if (images.size === 0) throw new UserError(`${root} has no JSRT original (*.IMG) in it.`);
  if (masks.size === 0) {
    throw new UserError(
      `${root} has no SCR mask in it: unpack them there (…/masks/left lung/*.gif).`,
    );
  }
  const structures = jsrtStructures(sides);
  const layout: JsrtLayout = { sides, masks: {} };
  const cases: CaseSource[] = [];
  for (const [id, image] of images) {
    const own = masks.get(id) ?? {};
    const labels: LabelSource[] = [];
    for (const [structure, folders] of structures) {
      const files = folders.map((folder) => own[folder]?.path);
      const present = files.filter((file) => file !== undefined);
      if (present.length === 0) continue;
      if (present.length < files.length) {
        notices.push(
          leftOut(present[0], `has no mask of the other side: no “${structure}” for ${id}.`),
        );
        continue;
      }
      labels.push(labelOf(structure, present));
    }
    if (labels.length === 0) {
      notices.push(leftOut(image.path, 'has no mask of any structure.'));
      continue;
    }
    layout.masks[id] = Object.fromEntries(
      Object.entries(own).map(([folder, file]) => [folder, portable(root, file.path)]),
    );
    cases.push(caseOf(id, image.path, labels, foldOf(own)));
  }
  for (const [id, own] of masks) {
    if (images.has(id)) continue;
    for (const file of Object.values(own))
      notices.push(leftOut(file.path, 'has no image of its name.'));
  }
  const present = new Set(cases.flatMap(({ labels }) => labels.map(({ structure }) => structure)));
  const names = structures.map(([name]) => name).filter((name) => present.has(name));
  return listingOf(
    { root, structures: names, notices, cases, layout },
    `${root} has no SCR mask of any JSRT original.`,
  );
}

/** The reader `jsrt`; its option `sides` is `joined` (lung, heart, clavicle; the default) or `apart`. */
export const jsrtReader: DatasetReader = {
  options: ['sides'],
  looksFor: 'the JSRT originals (*.IMG) and the SCR masks (masks/left lung/*.gif …)',
  guess: async (source, { signal } = {}) => {
    const found = await find(resolve(source), signal).catch((error: unknown) => {
      if (error instanceof UserError) return null;
      throw error;
    });
    if (found === null || found.images.size === 0) return null;
    // A folder of heart masks alone does not prove SCR: an export to plain folders has one, too.
    const sided = ([folder]: [string, unknown]) => folder !== 'heart';
    if (![...found.masks.values()].some((own) => Object.entries(own).some(sided))) return null;
    const because = `it has ${counted(found.images.size, 'JSRT original')} and SCR masks`;
    return { confidence: 0.95, because };
  },
  open,
};
