/**
 * Corrected labels put into a multi-valued mask, which has one number a pixel: where structures
 * overlap, the later in the legend covers the earlier, and how much is lost is counted.
 */
import { differingPixels } from '../imaging/polygon.ts';
import { resampleMask } from '../imaging/resample.ts';
import { readRaster } from './codecs/index.ts';
import type { Legend } from './legend.ts';
import { containerOf } from './mask-style.ts';
import type { MaskStyle } from './mask-style.ts';
import { labelValues, maskOfValue } from './masks.ts';
import type { Values } from './masks.ts';
import type { ExportedCase, ExportedLabel, ForeseenLoss } from './types.ts';

/** A mask's values as its file holds them, and how it is written. */
export interface ValuesFile {
  readonly values: Values;
  readonly container: Pick<MaskStyle, 'format' | 'bits' | 'palette'>;
  /** What the file held that is not written: a sentence its name begins. */
  readonly loss?: string | undefined;
}

export interface MergedValues extends ValuesFile {
  /** Whether labels were resampled to the file's size. */
  readonly resized: boolean;
  /** Excluded structures whose pixels now hold no label. */
  readonly removed: readonly string[];
  /** Pixels covered by another structure. */
  readonly covered: number;
  readonly losses: readonly ForeseenLoss[];
}

const isExcluded = (label: ExportedLabel): boolean => label.verdict === 'excluded';

/** Whether the file can be passed on as it is. */
export function isUntouched(item: ExportedCase): boolean {
  return item.labels.every((label) => !label.corrected && !isExcluded(label));
}

export async function readValuesFile(file: string): Promise<ValuesFile> {
  const { raster } = await readRaster(file);
  const { format, bits, palette, loss } = containerOf(raster);
  const container = { format, bits, ...(palette && { palette }) };
  return { values: labelValues(raster), container, loss };
}

/** @param excluded the value of a pixel whose label was excluded. */
export async function mergeValues(
  item: ExportedCase,
  { values: given, container, loss }: ValuesFile,
  legend: Legend,
  excluded: number,
): Promise<MergedValues> {
  const { width, height, data: before } = given;
  const highest = Math.max(excluded, ...legend.map(([value]) => value));
  const bits = highest >= 2 ** container.bits ? (highest > 255 ? 16 : 8) : container.bits;
  const data = bits === 16 ? Uint16Array.from(before) : Uint8Array.from(before);
  const written = new Map<string, number>();
  const labels = new Map(item.labels.map((label) => [label.structure, label]));
  const removed: string[] = [];
  // Values that the legend does not name, and those of structures that were not imported, stay
  // where nothing is drawn over them.
  for (const [value, structure] of legend) {
    const label = labels.get(structure);
    if (label === undefined) continue;
    if (isExcluded(label)) removed.push(structure);
    else written.set(structure, value);
    const now = isExcluded(label) ? excluded : 0;
    for (let i = 0; i < data.length; i += 1) if (before[i] === value) data[i] = now;
  }
  let covered = 0;
  let resized = false;
  const painted = new Uint8Array(data.length);
  for (const [structure, value] of written) {
    const mask = await labels.get(structure)!.mask();
    if (mask === null) continue;
    resized ||= mask.width !== width || mask.height !== height;
    const fitted = resampleMask(mask, width, height);
    for (let i = 0; i < data.length; i += 1) {
      if (fitted.data[i] === 0) continue;
      covered += painted[i];
      painted[i] = 1;
      data[i] = value;
    }
  }
  const values = { width, height, data };
  const losses: ForeseenLoss[] = [];
  for (const [structure, value] of written) {
    const mask = await labels.get(structure)!.mask();
    if (mask === null) continue;
    const again = resampleMask(maskOfValue(values, value), mask.width, mask.height);
    const pixels = differingPixels(again, mask);
    if (pixels > 0) losses.push({ case: item.id, structure, pixels });
  }
  return { values, container: { ...container, bits }, loss, resized, removed, covered, losses };
}

/** What is said of pixels that another structure covers; undefined when there are none. */
export function coveredNote(covered: number): string | undefined {
  if (covered === 0) return undefined;
  return `lost ${covered} ${covered === 1 ? 'pixel' : 'pixels'} where structures overlap: the later in the legend covers the earlier.`;
}
