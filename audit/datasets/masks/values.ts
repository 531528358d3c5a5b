/**
 * A multi-valued mask on its way out: its own file with the corrected structures drawn anew, and what
 * that loses, so that it can be said before anything is written.
 */
import { differingPixels } from '../../imaging/polygon.ts';
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
import { named } from './label-files.ts';
import type { ExportedCase, ExportedLabel, ForeseenLoss } from '../types.ts';

/** A mask's values as its file holds them, and how it is written. */
export interface ValuesFile {
  readonly values: Values;
  readonly container: Pick<
    MaskStyle,
    'format' | 'bits' | 'palette' | 'whiteIsZero' | 'nifti' | 'loss'
  >;
  /** True of a file that is not there yet: all labels are drawn, not only corrected ones. */
  readonly isNew?: boolean;
}

export interface DrawnValues extends ValuesFile {
  readonly coding: Coding;
  /** Whether labels were resampled to the file's size. */
  readonly resized: boolean;
  /** Excluded structures whose pixels now hold no label. */
  readonly removed: readonly string[];
  /** Pixels that cannot say all the structures that lie there. */
  readonly covered: number;
}

/** Whether the file may be copied as it is. */
export function isUntouched(labels: readonly ExportedLabel[]): boolean {
  return labels.every(isKept);
}

/** What the values cannot say, of structures that exclude each other or of regions that nest. */
function lossOf(coding: Coding, lost: number): string {
  const pixels = `${lost} ${lost === 1 ? 'pixel' : 'pixels'}`;
  const nests = coding.some((coded) => 'values' in coded && coded.values.length > 1);
  return nests
    ? `differs in ${pixels}: no value stands for just the structures there, the nearest was taken.`
    : `lost ${pixels} where structures overlap: the later in the legend covers the earlier.`;
}

/** @throws UserError when it is no multi-valued mask any more. */
export async function readValuesFile(file: string, part: Part = 'mask'): Promise<ValuesFile> {
  const { raster } = await readRaster(file, part);
  return { values: named(file, () => labelValues(raster)), container: containerOf(raster) };
}

/** A container that has room for `highest`; a palette and GIF have no more than 8 bits. */
function roomFor(container: ValuesFile['container'], highest: number): ValuesFile['container'] {
  if (highest < 2 ** container.bits) return container;
  if (highest < 256) return { ...container, bits: 8 };
  const { format, nifti, loss } = container;
  const deep = { format: format === 'gif' ? 'png' : format, bits: 16 } as const;
  return { ...deep, ...(nifti && { nifti }), ...(loss !== undefined && { loss }) };
}

/** Pixels of structures that are gone, and of no other now, take the value `excluded`. */
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
 * The mask with what people changed of its structures.
 * @param excluded the value of a pixel whose label was excluded.
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
    const empty = { width, height, data: new Uint8Array(width * height) };
    drawn.set(structure, mask === null ? empty : resampleMask(mask, width, height));
  }
  const { data, lost: covered } = recode(before, coding, drawn);
  if (excluded !== 0) markExcluded(data, before, coding, removed, excluded);
  const room = roomFor(container, Math.max(excluded, highestValue(coding)));
  const values = { width, height, data: room.bits === 16 ? data : Uint8Array.from(data) };
  return { values, container: room, coding, resized, removed, covered };
}

/**
 * What could not be kept, sentences that the file's name begins.
 * @param as what the pixels of excluded labels are now.
 */
export function lostNotes(
  { values: { width, height }, container, coding, resized, removed, covered }: DrawnValues,
  as = partOf(coding) === 'pages' ? 'an empty page' : 'background: it has one number a pixel',
): readonly (string | undefined)[] {
  return [
    container.loss,
    resized
      ? `was corrected at another size and written at its own ${width} × ${height}.`
      : undefined,
    removed.length > 0 ? `holds the excluded ${removed.join(', ')} as ${as}.` : undefined,
    covered > 0 ? lossOf(coding, covered) : undefined,
  ];
}

/** Labels that the drawn values do not hold to the pixel. */
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
