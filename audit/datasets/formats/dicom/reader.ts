/**
 * The reader `dicom`: DICOM radiographs anywhere below a folder. Their labels are DICOM-SEG in the same
 * tree, or masks in folders that are named like structures.
 */
import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../../errors.ts';
import { caseOf } from '../../import/case.ts';
import { checkedOptions } from '../../import/options.ts';
import { mayBeDicom, readSegmentation } from '../../../codecs/dicom/file.ts';
import type { DecodedSegmentation, Segment } from '../../../codecs/dicom/seg.ts';
import { addMask, emptyMask } from '../../../imaging/polygon.ts';
import { CodecError, UnreadableFile } from '../../../codecs/raster.ts';
import { findDicom, recogniseDicom } from './find.ts';
import type { FoundDicom, FoundRadiograph, FoundSegmentation } from './find.ts';
import type { DicomLayout } from './layout.ts';
import { segmentsByStructure } from './segments.ts';
import { maskFolders, namedFolders } from '../../masks/mask-folders.ts';
import { matchFolders } from '../../masks/match-folders.ts';
import { gridNote } from '../../masks/grid.ts';
import { fitToImage } from '../../masks/masks.ts';
import { listingOf } from '../../import/listing.ts';
import { changed, leftOut } from '../../import/notices.ts';
import { RecentFiles } from '../../tree/recent-files.ts';
import { orderStructures } from '../../tree/structures.ts';
import type { PixelGrid } from '../../../imaging/types.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type {
  CaseSource,
  DatasetListing,
  DatasetReader,
  LabelSource,
  Looking,
} from '../../types.ts';
import { isImageName } from '../../tree/walk.ts';

const DicomOptions = z.strictObject({});

/** A radiograph with the id of its case. */
interface NamedRadiograph extends FoundRadiograph {
  readonly id: string;
}

/**
 * The file's name without a DICOM extension. Other endings stay, because a name that is a UID ends in a
 * number, which is no extension.
 */
const stemOf = (name: string): string =>
  basename(name)
    .replace(/\.(dcm|dicom|ima)$/i, '')
    .normalize('NFC');

/**
 * Gives each image a case id: the stem of its file. If several images have the same stem, the last numbers
 * of the UID are added, just enough to tell these images apart.
 */
function withCaseIds(images: readonly FoundRadiograph[]): NamedRadiograph[] {
  const groups = new Map<string, FoundRadiograph[]>();
  for (const image of images) {
    const stem = stemOf(image.file.relative);
    groups.set(stem, [...(groups.get(stem) ?? []), image]);
  }
  const parts = (uid: string, count: number) => uid.split('.').slice(-count).join('.');
  const longest = Math.max(0, ...images.map(({ uid }) => uid.split('.').length));
  return images.map((image) => {
    const stem = stemOf(image.file.relative);
    const others = groups.get(stem)!;
    if (others.length === 1) return { ...image, id: stem };
    let count = 1;
    const isUnique = () =>
      new Set(others.map(({ uid }) => parts(uid, count))).size === others.length;
    while (count < longest && !isUnique()) count += 1;
    return { ...image, id: `${stem}-${parts(image.uid, count)}` };
  });
}

/** Keeps one image per SOP Instance UID; others are left out with a notice. */
function withoutDuplicates(
  images: readonly FoundRadiograph[],
  notices: ImportNotice[],
): FoundRadiograph[] {
  const byUid = new Map<string, FoundRadiograph>();
  for (const image of images) {
    const other = byUid.get(image.uid);
    if (other === undefined) byUid.set(image.uid, image);
    else {
      const reason = `is a copy of ${other.file.relative} (it has the same UID).`;
      notices.push(leftOut(image.file.path, reason));
    }
  }
  return [...byUid.values()];
}

/** The label of a structure: the union of its segments in one file. */
function segmentLabel(
  path: string,
  structure: string,
  segments: readonly Segment[],
  isFirst: boolean,
  imageGrid: PixelGrid | undefined,
  files: RecentFiles<DecodedSegmentation>,
): LabelSource {
  return {
    structure,
    file: path,
    read: async (image) => {
      const { width, height, masks, maximum, grid } = await files.read(path, readSegmentation);
      try {
        const place = gridNote(
          { width, height, ...(grid && { grid }) },
          { ...image, ...(imageGrid && { grid: imageGrid }) },
        );
        const united = emptyMask(width, height);
        for (const { number } of segments) {
          const mask = masks.get(number);
          if (mask === undefined) throw new UnreadableFile(path, 'has changed: import again.');
          addMask(united, await mask());
        }
        const fitted = fitToImage(united, image);
        const cut = 'is fractional: cut at half of its maximum.';
        // These notes concern the whole file, so only the label of its first segment gives them.
        const notes = isFirst ? [maximum === null ? undefined : cut, place, fitted.note] : [];
        const notice = changed(path, notes);
        return { mask: fitted.mask, ...(notice && { notice }) };
      } catch (error) {
        if (error instanceof CodecError) throw new UnreadableFile(path, error.message);
        throw error;
      }
    },
  };
}

/** The labels found for the images, by case. */
interface Matched {
  readonly labels: ReadonlyMap<string, readonly LabelSource[]>;
  readonly structures: readonly string[];
  /** The person who drew the labels, by case. A case that names nobody, or several people, has no entry. */
  readonly annotators: ReadonlyMap<string, string>;
  readonly notices: readonly ImportNotice[];
  readonly layout: DicomLayout;
}

function matchSegmentations(
  images: readonly NamedRadiograph[],
  segmentations: readonly FoundSegmentation[],
): Matched {
  const caseOfUid = new Map(images.map((image) => [image.uid, image]));
  const labels = new Map<string, LabelSource[]>();
  const creators = new Map<string, Set<string>>();
  const notices: ImportNotice[] = [];
  const files = new RecentFiles<DecodedSegmentation>();
  for (const { file, about } of segmentations) {
    const image = caseOfUid.get(about.image);
    if (image === undefined) {
      notices.push(leftOut(file.path, 'belongs to an image that is not in this folder.'));
      continue;
    }
    const { id, grid } = image;
    const own = labels.get(id) ?? [];
    labels.set(id, own);
    if (about.creator !== null) {
      creators.set(id, (creators.get(id) ?? new Set()).add(about.creator));
    }
    for (const [structure, segments] of segmentsByStructure(about.segments)) {
      const other = own.find((label) => label.structure === structure);
      if (other === undefined) {
        const isFirst = segments[0] === about.segments[0];
        own.push(segmentLabel(file.path, structure, segments, isFirst, grid, files));
      } else {
        const reason = `has “${structure}” of ${id}, as ${basename(other.file)} has: the first was taken.`;
        notices.push(leftOut(file.path, reason));
      }
    }
  }
  const names = new Set([...labels.values()].flat().map(({ structure }) => structure));
  const single = [...creators].filter(([, people]) => people.size === 1);
  return {
    labels,
    structures: orderStructures([...names]),
    annotators: new Map(single.map(([id, people]) => [id, [...people][0]])),
    notices,
    layout: { masks: null, united: true },
  };
}

/** @throws UserError when no folder of masks fits the images. */
async function matchMaskFolders(
  root: string,
  images: readonly NamedRadiograph[],
  refused: readonly ImportNotice[],
  signal?: AbortSignal,
): Promise<Matched> {
  const isMask = (name: string) => isImageName(name) && !mayBeDicom(name);
  const folders = await maskFolders(root, null, isMask, signal);
  if (folders.length === 0) {
    const [first] = refused;
    if (first !== undefined) {
      throw new UserError(`No DICOM-SEG of ${root} can be read: ${first.file} ${first.reason}`);
    }
    throw new UserError(
      `${root} has DICOM images, but neither DICOM-SEG nor folders of masks: put their labels there.`,
    );
  }
  const layout = {
    whole: true,
    // Images may lie in any folder, and an export keeps them there.
    images: { from: '.', to: '.' },
    ...namedFolders(folders, null),
    extras: [],
  };
  const ids = new Set(images.map(({ id }) => id));
  const matched = await matchFolders({ root, layout }, ids, signal);
  return { ...matched, annotators: new Map(), layout: { masks: layout, united: true } };
}

function matchLabels(
  root: string,
  found: FoundDicom,
  images: readonly NamedRadiograph[],
  signal?: AbortSignal,
): Promise<Matched> {
  return found.segmentations.length > 0
    ? Promise.resolve(matchSegmentations(images, found.segmentations))
    : matchMaskFolders(root, images, found.refused, signal);
}

async function open(
  source: string,
  options: Readonly<Record<string, unknown>>,
  looking: Looking = {},
): Promise<DatasetListing> {
  checkedOptions(DicomOptions, options);
  const root = resolve(source);
  const found = await findDicom(root, looking);
  const notices = [...found.notices];
  const images = withCaseIds(withoutDuplicates(found.images, notices));
  if (images.length === 0) {
    const first = notices[0];
    const why =
      first === undefined
        ? 'name a folder with some.'
        : `the first file that was left out, ${first.file}, ${first.reason}`;
    throw new UserError(`${root} has no DICOM radiograph that can be read: ${why}`);
  }
  const matched = await matchLabels(root, found, images, looking.signal);
  notices.push(...matched.notices);
  const cases: CaseSource[] = [];
  for (const { id, file, patient, study } of images) {
    const labels = matched.labels.get(id) ?? [];
    const annotator = matched.annotators.get(id) ?? null;
    if (labels.length === 0) notices.push(leftOut(file.path, 'has no label of any structure.'));
    else cases.push(caseOf(id, file.path, labels, null, { annotator, patient, study }));
  }
  return listingOf(
    { root, structures: matched.structures, notices, cases, layout: matched.layout },
    `${root} has no label of any DICOM radiograph.`,
  );
}

/** The reader `dicom`; it has no options. */
export const dicomReader: DatasetReader = {
  looksFor: 'DICOM images with their DICOM-SEG, or with a folder of masks for each structure',
  guess: (source, { signal } = {}) => recogniseDicom(resolve(source), signal),
  open,
};
