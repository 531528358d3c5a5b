/**
 * The writers `dicom` and `dicom-seg`: copy the images, and write the labels as one DICOM-SEG per image.
 * A DICOM-SEG whose labels nobody changed or excluded is copied byte for byte; any other is made anew from
 * its segments and the present labels. An image that is not DICOM becomes a Secondary Capture, to which its
 * DICOM-SEG can refer.
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
import { segmentsByStructure } from './segments.ts';
import { correctInstances } from '../../masks/instances.ts';
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

/** Cases written at a time. Each holds an image and a mask per structure in memory. */
const IN_FLIGHT = 2;
const BY_HAND = { type: 'MANUAL', name: '' };

interface Job {
  readonly out: string;
  readonly options: WriteOptions;
  /** The folder for new DICOM-SEG files. */
  readonly folder: string;
  /** See `DicomLayout`. */
  readonly united: boolean;
}

/** A folder name that is not used in the dataset. */
function freeFolder(root: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'segmentations' : `segmentations-${number}`;
    if (!existsSync(join(root, name))) return name;
  }
}

/** The path of a file below the dataset's root, or null if it lies elsewhere. */
function placeOf({ options }: Job, file: string): string | null {
  if (!isWithin(file, options.root)) return null;
  return portable(options.root, file);
}

/**
 * Writes the image.
 * @returns the facts that the image's DICOM-SEG takes over
 */
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

/** The segment of a new label, or null if the label is excluded or absent. */
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

/** A segment in a DICOM-SEG that is rewritten, with its new mask. */
function keptSegment(
  item: ExportedCase,
  segment: Segment,
  mask: Mask,
  isCorrected: boolean,
): WrittenSegment {
  const codes = codesOf(structureNameOf(segment.label));
  const { type, name } = segment.algorithm;
  return {
    label: segment.label,
    category: segment.category ?? codes.category,
    type: segment.type ?? codes.type,
    modifier: segment.type === null ? codes.modifier : segment.modifier,
    algorithm:
      isCorrected && type !== 'MANUAL' ? { type: 'SEMIAUTOMATIC', name } : segment.algorithm,
    mask: atSize(mask, item),
  };
}

/**
 * The new form of the segments of one name: a correction changes only the segments that it touches, and what
 * it adds apart from them is a new segment. Empty if the label is excluded or absent. Segments that were not
 * imported as a label keep their masks.
 */
async function keptSegments(
  item: ExportedCase,
  file: DecodedSegmentation,
  segments: readonly Segment[],
  label: ExportedLabel | undefined,
): Promise<WrittenSegment[]> {
  if (label !== undefined && isExcluded(label)) return [];
  const drawn = label === undefined ? undefined : await label.mask();
  if (drawn === null) return [];
  const own: Mask[] = [];
  for (const { number } of segments) own.push(atSize(await file.masks.get(number)!(), item));
  if (label?.corrected !== true || drawn === undefined) {
    return segments.map((segment, i) => keptSegment(item, segment, own[i], false));
  }
  if (segments.length === 1) return [keptSegment(item, segments[0], drawn, true)];
  const { instances, emptied, added } = correctInstances(own, atSize(drawn, item));
  const kept = segments.flatMap((segment, i) =>
    emptied.includes(i) ? [] : [keptSegment(item, segment, instances[i], instances[i] !== own[i])],
  );
  return [...kept, ...added.map((mask) => keptSegment(item, segments[0], mask, true))];
}

/** Groups a case's labels by their DICOM-SEG file. The key null holds labels that came from no DICOM-SEG. */
async function labelsByFile(item: ExportedCase): Promise<Map<string | null, ExportedLabel[]>> {
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

/** The segments of a DICOM-SEG file with its corrected labels. */
async function rewrittenSegments(
  job: Job,
  item: ExportedCase,
  path: string,
  labels: readonly ExportedLabel[],
): Promise<{ segments: WrittenSegment[]; notes: string[] }> {
  const file = await readSegmentation(path);
  const segments: WrittenSegment[] = [];
  for (const [name, all] of segmentsByStructure(file.segments)) {
    const label = labels.find(({ structure }) => structure === name);
    const [own, others] = job.united ? [all, []] : [all.slice(0, 1), all.slice(1)];
    segments.push(...(await keptSegments(item, file, own, label)));
    segments.push(...(await keptSegments(item, file, others, undefined)));
  }
  const notes = [
    file.maximum === null ? undefined : 'was fractional: written as binary.',
    file.isMap ? 'was a label map: written as binary.' : undefined,
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
  const groups = await labelsByFile(item);
  const added = await Promise.all((groups.get(null) ?? []).map((label) => newSegment(item, label)));
  let more = added.filter((segment) => segment !== null);
  for (const [path, labels] of groups) {
    if (path === null) continue;
    const place = placeOf(job, path) ?? `${job.folder}/${basename(path)}`;
    if (labels.every(isKept)) {
      await putCopy(job.out, place, path);
      continue;
    }
    const { segments, notes } = await rewrittenSegments(job, item, path, labels);
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

/** Opens the writer of DICOM-SEG, which stores labels exactly. */
function openSegmentations(options: WriteOptions, united = true): OpenWriter {
  return {
    write: (out, cases) => {
      const job: Job = { out, options, folder: freeFolder(options.root), united };
      const write = async (item: ExportedCase): Promise<ImportNotice[]> => {
        const notices: ImportNotice[] = [];
        const source = await writeImage(job, item, notices);
        await writeLabels(job, item, source, notices);
        return notices;
      };
      return writeCases(cases, write, IN_FLIGHT);
    },
  };
}

/** Writes a DICOM dataset as it came: with DICOM-SEG, or with its folders of masks. */
export const dicomWriter: DatasetWriter = {
  holds: null,
  open: (layout, options) => {
    if (layout === null) return openSegmentations(options);
    const { masks, united } = DicomLayout.parse(layout);
    return masks === null ? openSegmentations(options, united) : openFolders(masks, options);
  },
};

/** Writes any dataset with its labels as DICOM-SEG. */
export const dicomSegWriter: DatasetWriter = {
  holds: 'DICOM with a DICOM-SEG for each image, to the pixel; structures may overlap.',
  open: (_layout, options) => openSegmentations(options),
};
