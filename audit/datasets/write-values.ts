/** A multi-valued mask on its way out: its own file with the corrected structures drawn anew. */
import { resampleMask } from '../imaging/resample.ts';
import type { Mask } from '../imaging/types.ts';
import { readRaster } from './codecs/index.ts';
import { highestValue, recode } from './coding.ts';
import type { Coding } from './coding.ts';
import { containerOf, encodeValues } from './mask-style.ts';
import type { MaskStyle } from './mask-style.ts';
import { labelValues } from './masks.ts';
import type { Values } from './masks.ts';
import type { ExportedLabel } from './types.ts';

type Container = Pick<MaskStyle, 'format' | 'bits' | 'palette' | 'nifti' | 'loss'>;

export interface WrittenValues {
  readonly bytes: Buffer;
  readonly container: Container;
  /** What could not be kept, sentences that the file's name begins. */
  readonly notes: readonly (string | undefined)[];
}

const isExcluded = (label: ExportedLabel): boolean => label.verdict === 'excluded';

/** Whether the file may be copied as it is. */
export function isUntouched(labels: readonly ExportedLabel[]): boolean {
  return labels.every((label) => !label.corrected && !isExcluded(label));
}

/** What the values cannot say, of structures that exclude each other or of regions that nest. */
function lossOf(coding: Coding, lost: number): string {
  const pixels = `${lost} ${lost === 1 ? 'pixel' : 'pixels'}`;
  const nests = coding.some((coded) => 'values' in coded && coded.values.length > 1);
  return nests
    ? `differs in ${pixels}: no value stands for just the structures there, the nearest was taken.`
    : `lost ${pixels} where structures overlap: the later in the legend covers the earlier.`;
}

async function encoded(
  before: Values,
  container: Container,
  coding: Coding,
  labels: readonly ExportedLabel[],
): Promise<WrittenValues> {
  const { width, height } = before;
  const changed = new Map<string, Mask>();
  const removed: string[] = [];
  let resized = false;
  for (const { structure } of coding) {
    const label = labels.find((candidate) => candidate.structure === structure);
    if (label === undefined || !(label.corrected || isExcluded(label))) continue;
    const mask = isExcluded(label) ? null : await label.mask();
    if (isExcluded(label)) removed.push(structure);
    resized ||= mask !== null && (mask.width !== width || mask.height !== height);
    const empty = { width, height, data: new Uint8Array(width * height) };
    changed.set(structure, mask === null ? empty : resampleMask(mask, width, height));
  }
  const { data, lost } = recode(before, coding, changed);
  const deep = container.bits === 16 || highestValue(coding) >= 2 ** container.bits;
  const bits = deep ? 16 : container.bits;
  const plane = { width, height, data: deep ? data : Uint8Array.from(data) };
  return {
    bytes: await encodeValues(plane, { ...container, bits }),
    container,
    notes: [
      container.loss,
      resized
        ? `was corrected at another size and written at its own ${width} × ${height}.`
        : undefined,
      removed.length > 0
        ? `holds the excluded ${removed.join(', ')} as background: it has one number a pixel.`
        : undefined,
      lost > 0 ? lossOf(coding, lost) : undefined,
    ],
  };
}

/** The mask in `file` with what people changed of its structures. */
export async function writeValues(
  file: string,
  coding: Coding,
  labels: readonly ExportedLabel[],
): Promise<WrittenValues> {
  const { raster } = await readRaster(file);
  return encoded(labelValues(raster), containerOf(raster), coding, labels);
}
