/**
 * The writers `dicom` and `dicom-seg`: images as they are, labels as one DICOM-SEG an image. Files
 * that nobody changed are copied byte for byte; of others only what changed is drawn anew. Images
 * that are no DICOM become Secondary Captures, so that there is something to refer to.
 */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { resampleMask } from '../../../imaging/resample.ts';
import type { Mask } from '../../../imaging/types.ts';
import { isDicom, readDicomHead, readSegmentation } from '../../../codecs/dicom/file.ts';
import type { DecodedSegmentation, Segment } from '../../../codecs/dicom/seg.ts';
import { isSegmentation } from '../../../codecs/dicom/seg.ts';
import { readImageFile } from '../../../codecs/index.ts';
import { extensionOf } from '../../../codecs/sniff.ts';
import { codesOf } from './codes.ts';
import { DicomLayout } from './layout.ts';
import { captureFile, segmentationFile, sourceOf } from './objects.ts';
import type { SourceImage, WrittenSegment } from './objects.ts';
import { isExcluded, isKept } from '../../export/exported.ts';
import { putBytes, putCopy } from '../../export/target-folder.ts';
import { changed } from '../../import/notices.ts';
import { writeCases } from '../../export/write-cases.ts';
import { isWithin, portable } from '../../tree/places.ts';
import { structureNameOf } from '../../tree/structures.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type {
  DatasetWriter,
  ExportedCase,
  ExportedLabel,
  OpenWriter,
  WriteOptions,
} from '../../types.ts';
import { openFolders } from '../../export/folder-writer.ts';

/** Cases written at a time: each is held as an image and a mask for each structure. */
const IN_FLIGHT = 2;
const BY_HAND = { type: 'MANUAL', name: '' };

interface Job {
  readonly out: string;
  readonly options: WriteOptions;
  /** The folder of DICOM-SEG that take no other one's place. */
  readonly folder: string;
}

/** A name that nothing in the dataset has: what lies there keeps its place. */
function freeFolder(root: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'segmentations' : `segmentations-${number}`;
    if (!existsSync(join(root, name))) return name;
  }
}

/** Where a file of the dataset lay, below its root; null when it lay elsewhere. */
function placeOf({ options }: Job, file: string): string | null {
  if (!isWithin(file, options.root)) return null;
  return portable(options.root, file);
}

/** Writes the image. @returns what its DICOM-SEG takes over from it. */
async function writeImage(
  job: Job,
  item: ExportedCase,
  notices: ImportNotice[],
): Promise<SourceImage> {
  const { imageFile, id } = item;
  const place = placeOf(job, imageFile);
  if (await isDicom(imageFile)) {
    await putCopy(job.out, place ?? `images/${id}.dcm`, imageFile, job.options.link);
    return sourceOf(await readDicomHead(imageFile));
  }
  const { image, notes } = await readImageFile(imageFile);
  const { bytes, source } = captureFile(image);
  const stem = place?.slice(0, place.length - extensionOf(place).length) ?? `images/${id}`;
  await putBytes(job.out, `${stem}.dcm`, bytes);
  const notice = changed(`${stem}.dcm`, [
    `was ${basename(imageFile)}: written as DICOM Secondary Capture.`,
    ...notes,
  ]);
  if (notice !== undefined) notices.push(notice);
  return source;
}

function atSize(mask: Mask, { width, height }: ExportedCase): Mask {
  return mask.width === width && mask.height === height ? mask : resampleMask(mask, width, height);
}

/** A label as a segment; null when it is excluded or absent. */
async function newSegment(
  item: ExportedCase,
  label: ExportedLabel,
): Promise<WrittenSegment | null> {
  const mask = isExcluded(label) ? null : await label.mask();
  if (mask === null) return null;
  const { structure } = label;
  const mine = atSize(mask, item);
  return { ...codesOf(structure), label: structure, algorithm: BY_HAND, mask: mine };
}

/** A segment of a file that is written anew: with the label's mask, or its own where it has none. */
async function keptSegment(
  item: ExportedCase,
  file: DecodedSegmentation,
  segment: Segment,
  label: ExportedLabel | undefined,
): Promise<WrittenSegment | null> {
  const drawn = label === undefined ? await file.masks.get(segment.number)?.() : await label.mask();
  if (!drawn || (label !== undefined && isExcluded(label))) return null;
  const known = codesOf(structureNameOf(segment.label));
  const { type, name } = segment.algorithm;
  const corrected = label?.corrected === true && type !== 'MANUAL';
  return {
    label: segment.label,
    category: segment.category ?? known.category,
    type: segment.type ?? known.type,
    modifier: segment.type === null ? known.modifier : segment.modifier,
    algorithm: corrected ? { type: 'SEMIAUTOMATIC', name } : segment.algorithm,
    mask: atSize(drawn, item),
  };
}

/** The DICOM-SEG files that a case's labels came from, with those labels; null: from none. */
async function byFile(item: ExportedCase): Promise<Map<string | null, ExportedLabel[]>> {
  const groups = new Map<string | null, ExportedLabel[]>();
  const isThere = new Map<string, boolean>();
  for (const label of item.labels) {
    const { sourceFile } = label;
    if (sourceFile !== null && !isThere.has(sourceFile)) {
      const found = (await isDicom(sourceFile)) && isSegmentation(await readDicomHead(sourceFile));
      isThere.set(sourceFile, found);
    }
    const key = sourceFile !== null && isThere.get(sourceFile) === true ? sourceFile : null;
    groups.set(key, [...(groups.get(key) ?? []), label]);
  }
  return groups;
}

async function rewritten(
  item: ExportedCase,
  path: string,
  labels: readonly ExportedLabel[],
): Promise<{ segments: WrittenSegment[]; notes: string[] }> {
  const file = await readSegmentation(path);
  const left = new Set(labels);
  const segments: WrittenSegment[] = [];
  for (const segment of file.segments) {
    const name = structureNameOf(segment.label);
    const label = [...left].find(({ structure }) => structure === name);
    if (label !== undefined) left.delete(label);
    const kept = await keptSegment(item, file, segment, label);
    if (kept !== null) segments.push(kept);
  }
  const notes = [
    file.maximum === null ? undefined : 'was fractional: written as binary.',
    file.width === item.width && file.height === item.height
      ? undefined
      : `was ${file.width} × ${file.height}: written at its image's ${item.width} × ${item.height}.`,
  ].filter((note) => note !== undefined);
  return { segments, notes };
}

async function writeLabels(
  job: Job,
  item: ExportedCase,
  source: SourceImage,
  notices: ImportNotice[],
): Promise<void> {
  const groups = await byFile(item);
  const added = await Promise.all((groups.get(null) ?? []).map((label) => newSegment(item, label)));
  let more = added.filter((segment) => segment !== null);
  for (const [path, labels] of groups) {
    if (path === null) continue;
    const place = placeOf(job, path) ?? `${job.folder}/${basename(path)}`;
    if (labels.every(isKept)) {
      await putCopy(job.out, place, path);
      continue;
    }
    const { segments, notes } = await rewritten(item, path, labels);
    const all = [...segments, ...more];
    more = [];
    if (all.length === 0) continue;
    await putBytes(job.out, place, segmentationFile(source, all));
    const notice = changed(place, notes);
    if (notice !== undefined) notices.push(notice);
  }
  if (more.length === 0) return;
  await putBytes(job.out, `${job.folder}/${item.id}.dcm`, segmentationFile(source, more));
}

/** The dataset with its labels as DICOM-SEG, which hold them to the pixel. */
function openSegmentations(options: WriteOptions): OpenWriter {
  return {
    write: (out, cases) => {
      const job: Job = { out, options, folder: freeFolder(options.root) };
      const write = async (item: ExportedCase): Promise<ImportNotice[]> => {
        const said: ImportNotice[] = [];
        const source = await writeImage(job, item, said);
        await writeLabels(job, item, source, said);
        return said;
      };
      return writeCases(cases, write, IN_FLIGHT);
    },
  };
}

/** A dataset that came as DICOM, as it came: with DICOM-SEG, or with its folders of masks. */
export const dicomWriter: DatasetWriter = {
  holds: null,
  open: (layout, options) => {
    const masks = layout === null ? null : DicomLayout.parse(layout).masks;
    return masks === null ? openSegmentations(options) : openFolders(masks, options);
  },
};

/** Any dataset, its labels as DICOM-SEG. */
export const dicomSegWriter: DatasetWriter = {
  holds: 'DICOM with a DICOM-SEG for each image, to the pixel; structures may overlap.',
  open: (_layout, options) => openSegmentations(options),
};
