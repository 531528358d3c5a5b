/**
 * Draws corrected labels into the multi-valued mask from which they were imported: reads the mask's file,
 * redraws the corrected structures, and says what is lost.
 */
import { counted } from '../../contract/words.ts';
import { differingPixels, emptyMask } from '../../imaging/polygon.ts';
import { resampleMask } from '../../imaging/resample.ts';
import type { Mask } from '../../imaging/types.ts';
import { readRaster } from '../../codecs/index.ts';
import type { Part } from '../../codecs/index.ts';
import { highestValue, maskOf, partOf, recode } from './coding.ts';
import type { Coding } from './coding.ts';
import { isExcluded, isKept } from '../export/exported.ts';
import { containerOf } from './mask-style.ts';
import type { MaskStyle } from './mask-style.ts';
import { labelValues } from './masks.ts';
import type { Values } from './masks.ts';
import { withFileName } from './label-files.ts';
import type { ExportedCase, ExportedLabel, ForeseenLoss } from '../types.ts';

/** The values of a mask file, and how the file stores them. */
export interface ValuesFile {
  readonly values: Values;
  readonly container: Pick<
    MaskStyle,
    'format' | 'bits' | 'palette' | 'whiteIsZero' | 'nifti' | 'loss'
  >;
  /** True for a new file: all labels are drawn, not only the corrected ones. */
  readonly isNew?: boolean;
}

/** The values with the corrected structures, and the losses. */
export interface DrawnValues extends ValuesFile {
  readonly coding: Coding;
  /** Whether a label was resampled to the file's size. */
  readonly resized: boolean;
  /** The structures whose labels are excluded. Their pixels were removed or, in PASCAL VOC, became void. */
  readonly removed: readonly string[];
  /** Number of pixels with a combination of structures that no value represents. */
  readonly covered: number;
}

/** Whether nobody changed or excluded a label, so that the file may be copied as it is. */
export function isUntouched(labels: readonly ExportedLabel[]): boolean {
  return labels.every(isKept);
}

/** The note on pixels with a combination of structures that no value represents. */
function lossOf(coding: Coding, lost: number): string {
  const pixels = counted(lost, 'pixel');
  const nests = coding.some((coded) => 'values' in coded && coded.values.length > 1);
  return nests
    ? `differs in ${pixels}: no value means exactly the structures there, so the nearest value was written.`
    : `lost ${pixels} where structures overlap: the later in the legend covers the earlier.`;
}

/** A new PNG file of the case's size, which holds no structure yet. */
export function newValuesFile({ width, height }: ExportedCase): ValuesFile {
  const values = { width, height, data: new Uint8Array(width * height) };
  return { values, container: { format: 'png', bits: 8 }, isNew: true };
}

/** @throws UserError when the file is no longer a multi-valued mask. */
export async function readValuesFile(file: string, part: Part = 'mask'): Promise<ValuesFile> {
  const { raster } = await readRaster(file, part);
  return { values: withFileName(file, () => labelValues(raster)), container: containerOf(raster) };
}

/**
 * The container with enough bits for the number `highest`. Above 8 bits the palette and `whiteIsZero` are
 * dropped, and GIF becomes PNG.
 */
function roomFor(container: ValuesFile['container'], highest: number): ValuesFile['container'] {
  if (highest < 2 ** container.bits) return container;
  if (highest < 256) return { ...container, bits: 8 };
  const { format, nifti, loss } = container;
  const deep = { format: format === 'gif' ? 'png' : format, bits: 16 } as const;
  return { ...deep, ...(nifti && { nifti }), ...(loss !== undefined && { loss }) };
}

/** Gives the value `excluded` to the pixels of removed structures that belong to no other structure. */
function markExcluded(
  data: Uint16Array,
  before: Values,
  coding: Coding,
  removed: readonly string[],
  excluded: number,
): void {
  for (const coded of coding.filter(({ structure }) => removed.includes(structure))) {
    const was = maskOf(before, coded).data;
    for (let i = 0; i < data.length; i += 1) if (was[i] === 1 && data[i] === 0) data[i] = excluded;
  }
}

/**
 * Redraws the corrected and excluded labels in the values of a mask.
 * @param excluded the value for the pixels of excluded labels
 */
export async function drawValues(
  { values: before, container, isNew = false }: ValuesFile,
  coding: Coding,
  labels: readonly ExportedLabel[],
  excluded = 0,
): Promise<DrawnValues> {
  const { width, height } = before;
  const drawn = new Map<string, Mask>();
  const removed: string[] = [];
  let resized = false;
  for (const { structure } of coding) {
    const label = labels.find((candidate) => candidate.structure === structure);
    if (label === undefined || !(isNew || label.corrected || isExcluded(label))) continue;
    const mask = isExcluded(label) ? null : await label.mask();
    if (isExcluded(label) && !isNew) removed.push(structure);
    resized ||= mask !== null && (mask.width !== width || mask.height !== height);
    drawn.set(
      structure,
      mask === null ? emptyMask(width, height) : resampleMask(mask, width, height),
    );
  }
  const { data, lost: covered } = recode(before, coding, drawn);
  if (excluded !== 0) markExcluded(data, before, coding, removed, excluded);
  const room = roomFor(container, Math.max(excluded, highestValue(coding)));
  const values = { width, height, data: room.bits === 16 ? data : Uint8Array.from(data) };
  return { values, container: room, coding, resized, removed, covered };
}

/**
 * Notes on what the written file lost. Each is the rest of a sentence that begins with the file's name.
 * @param as words for what the pixels of excluded labels became
 */
export function lostNotes(
  { values: { width, height }, container, coding, resized, removed, covered }: DrawnValues,
  as = partOf(coding) === 'pages'
    ? 'an empty page'
    : 'background, because the file has one number per pixel',
): readonly (string | undefined)[] {
  return [
    container.loss,
    resized
      ? `was corrected at another size and written at the file’s size, ${width} × ${height}.`
      : undefined,
    removed.length > 0 ? `holds the excluded ${removed.join(', ')} as ${as}.` : undefined,
    covered > 0 ? lossOf(coding, covered) : undefined,
  ];
}

/** The labels that the drawn values do not hold exactly. */
export async function lossesIn(
  { values }: DrawnValues,
  coding: Coding,
  item: ExportedCase,
): Promise<ForeseenLoss[]> {
  const losses: ForeseenLoss[] = [];
  for (const coded of coding) {
    const { structure } = coded;
    const label = item.labels.find((candidate) => candidate.structure === structure);
    const mask = label === undefined || isExcluded(label) ? null : await label.mask();
    if (mask === null) continue;
    const again = resampleMask(maskOf(values, coded), mask.width, mask.height);
    const pixels = differingPixels(again, mask);
    if (pixels > 0) losses.push({ case: item.id, structure, pixels });
  }
  return losses;
}
