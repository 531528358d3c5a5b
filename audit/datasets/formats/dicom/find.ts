/** Finds the DICOM files below a folder: radiographs, DICOM-SEG (labels) and DICOMDIR (lists of files). */
import { basename, dirname, join } from 'node:path';
import { itemsOf, withDicomErrors } from '../../../codecs/dicom/data.ts';
import type { DicomData } from '../../../codecs/dicom/data.ts';
import { isDicom, mayBeDicom, readDicomHead } from '../../../codecs/dicom/file.ts';
import { isSegmentation, segmentationOf } from '../../../codecs/dicom/seg.ts';
import type { SegmentationHeader } from '../../../codecs/dicom/seg.ts';
import { planeOf } from '../../../codecs/dicom/plane.ts';
import { checkRadiograph } from '../../../codecs/dicom/dicom.ts';
import { CodecError, UnreadableFile } from '../../../codecs/raster.ts';
import { imagesFolder } from '../../masks/mask-folders.ts';
import { leftOut } from '../../import/notices.ts';
import { inOrder } from '../../import/pipeline.ts';
import { Steps } from '../../import/steps.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type { PixelGrid } from '../../../imaging/types.ts';
import type { Looking } from '../../types.ts';
import { isImageName, walk } from '../../tree/walk.ts';
import type { FoundFile } from '../../tree/walk.ts';

/** Files whose headers are read at a time. */
const IN_FLIGHT = 8;
const DIRECTORY = /^DICOMDIR$/i;
/** Modalities whose images are slices of a volume. They are left out. */
const VOLUMES = ['CT', 'MR', 'PT', 'NM'];

export interface FoundRadiograph {
  readonly file: FoundFile;
  /** SOP Instance UID. */
  readonly uid: string;
  readonly patient: string | null;
  readonly study: string | null;
  /** Where the pixels lie in the patient, if the file states it. */
  readonly grid?: PixelGrid;
}

/** A DICOM-SEG file and its header. */
export interface FoundSegmentation {
  readonly file: FoundFile;
  readonly about: SegmentationHeader;
}

export interface FoundDicom {
  readonly images: readonly FoundRadiograph[];
  readonly segmentations: readonly FoundSegmentation[];
  /** The notices of DICOM-SEG files that cannot be read; `notices` has them, too. */
  readonly refused: readonly ImportNotice[];
  readonly notices: readonly ImportNotice[];
}

type Looked =
  | { readonly kind: 'image'; readonly found: FoundRadiograph }
  | { readonly kind: 'labels'; readonly found: FoundSegmentation }
  | { readonly kind: 'directory'; readonly lists: ReadonlySet<string> }
  | { readonly kind: 'refused' | 'neither'; readonly notice: ImportNotice | null };

/** The files that a DICOMDIR lists: paths below the root, with `/`, in lower case. */
function listedBy(file: FoundFile, { elements }: DicomData): Set<string> {
  const folder = dirname(file.relative);
  const listed = itemsOf(elements, 'x00041220')
    .map((record) => record.string('x00041500'))
    .filter((path) => path !== undefined);
  const below = (path: string) => (folder === '.' ? path : `${folder}/${path}`);
  return new Set(listed.map((path) => below(path.replaceAll('\\', '/')).toLowerCase()));
}

function textIn({ elements }: DicomData, tag: string): string | null {
  const text = elements.string(tag)?.trim() ?? '';
  return text === '' ? null : text;
}

function radiograph(file: FoundFile, data: DicomData): FoundRadiograph {
  const modality = textIn(data, 'x00080060');
  if (modality !== null && VOLUMES.includes(modality)) {
    throw new CodecError(`is a slice of a volume (${modality}): only radiographs are read.`);
  }
  checkRadiograph(data);
  const uid = textIn(data, 'x00080018');
  if (uid === null) throw new CodecError('has no SOP Instance UID: it is a broken DICOM file.');
  const [patient, study] = [textIn(data, 'x00100020'), textIn(data, 'x0020000d')];
  const grid = planeOf([data.elements]);
  return { file, uid, patient, study, ...(grid && { grid }) };
}

async function look(file: FoundFile): Promise<Looked> {
  const { path } = file;
  const hasExtension = /\.(dcm|dicom)$/i.test(path);
  if (!hasExtension && !(await isDicom(path))) return { kind: 'neither', notice: null };
  let kind: 'refused' | 'neither' = 'neither';
  try {
    const data = await readDicomHead(path);
    if (withDicomErrors(() => isSegmentation(data))) kind = 'refused';
    return withDicomErrors(() => {
      if (DIRECTORY.test(basename(path))) return { kind: 'directory', lists: listedBy(file, data) };
      return isSegmentation(data)
        ? { kind: 'labels', found: { file, about: segmentationOf(data) } }
        : { kind: 'image', found: radiograph(file, data) };
    });
  } catch (error) {
    if (error instanceof UnreadableFile) {
      return { kind, notice: leftOut(path, error.problem) };
    }
    if (error instanceof CodecError) return { kind, notice: leftOut(path, error.message) };
    throw error;
  }
}

/** Whether a folder above the file has a DICOMDIR that does not list the file. */
function isUnlisted(
  relative: string,
  directories: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const name = relative.toLowerCase();
  for (const [folder, lists] of directories) {
    if ((folder === '.' || name.startsWith(`${folder.toLowerCase()}/`)) && !lists.has(name)) {
      return true;
    }
  }
  return false;
}

/**
 * Reads the header of every file below `root` that may be DICOM. If a folder has a DICOMDIR, images below
 * the folder that it does not list are left out. A DICOM-SEG need not be listed, because it may be newer than
 * the DICOMDIR.
 * @throws UserError when the folder cannot be read; the signal's reason when cancelled.
 */
export async function findDicom(root: string, looking: Looking): Promise<FoundDicom> {
  const files = (await walk(root, looking.signal)).filter(({ relative }) => mayBeDicom(relative));
  const images: FoundRadiograph[] = [];
  const segmentations: FoundSegmentation[] = [];
  const notices: ImportNotice[] = [];
  const refused: ImportNotice[] = [];
  const directories = new Map<string, ReadonlySet<string>>();
  const steps = new Steps(files.length, looking);
  let index = 0;
  for await (const looked of inOrder(files, IN_FLIGHT, look)) {
    const file = files[index];
    index += 1;
    await steps.take();
    if (looked.kind === 'image') images.push(looked.found);
    else if (looked.kind === 'labels') segmentations.push(looked.found);
    else if (looked.kind === 'directory') directories.set(dirname(file.relative), looked.lists);
    else if (looked.notice !== null) {
      notices.push(looked.notice);
      if (looked.kind === 'refused') refused.push(looked.notice);
    }
  }
  const present = new Set(files.map(({ relative }) => relative.toLowerCase()));
  for (const lists of directories.values()) {
    for (const path of lists) {
      if (!present.has(path)) notices.push(leftOut(path, 'is listed in DICOMDIR, but not there.'));
    }
  }
  const unlisted = images.filter(({ file }) => isUnlisted(file.relative, directories));
  for (const { file } of unlisted) notices.push(leftOut(file.path, 'is not listed in DICOMDIR.'));
  const listed = images.filter((image) => !unlisted.includes(image));
  return { images: listed, segmentations, refused, notices };
}

/** At most this many files are opened to recognise the format. */
const LOOKED_AT = 50;

/**
 * Whether the root has a folder of images in another format. If so, the DICOM files may only be the
 * originals of those images, not the dataset.
 */
async function hasOtherImages(root: string, signal?: AbortSignal): Promise<boolean> {
  const folder = await imagesFolder(root);
  if (folder === null) return false;
  const files = await walk(join(root, folder), signal);
  return files.some(({ relative }) => isImageName(relative) && !mayBeDicom(relative));
}

/**
 * @returns the confidence (0 to 1) that `root` is a DICOM dataset, and why; null if no file that is read here
 *   is DICOM
 */
export async function recogniseDicom(
  root: string,
  signal?: AbortSignal,
): Promise<{ confidence: number; because: string } | null> {
  const files = await walk(root, signal).catch(() => []);
  const likely = files.filter(({ relative }) => mayBeDicom(relative));
  // Files with a DICOM name are read first, because the folder may hold many other files without extension.
  const typical = likely.filter(({ relative }) =>
    /(\.(dcm|dicom)|(^|\/)DICOMDIR)$/i.test(relative),
  );
  for (const { path, relative } of [...typical, ...likely].slice(0, LOOKED_AT)) {
    if (!(await isDicom(path))) continue;
    const confidence = (await hasOtherImages(root, signal)) ? 0.5 : 0.85;
    return { confidence, because: `it holds DICOM files (${relative})` };
  }
  return null;
}
