/** Labels of multi-valued masks: one file a case, one value a structure. */
import { CodecError, UnreadableFile } from './codecs/raster.ts';
import { readRaster } from './codecs/index.ts';
import type { Legend } from './legend.ts';
import { distinct, fitToImage, labelValues, maskOfValue } from './masks.ts';
import type { Values } from './masks.ts';
import { changed } from './notices.ts';
import type { Recent } from './recent.ts';
import type { LabelSource } from './types.ts';

/** Gives a codec's complaint the name of the file it is about. */
export function named<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CodecError) throw new UnreadableFile(file, error.message);
    throw error;
  }
}

/** The values of a file, and what is to be said of it. */
export interface ReadValues {
  readonly values: Values;
  readonly notes: readonly string[];
}

export async function readValues(file: string): Promise<ReadValues> {
  const { raster, notes } = await readRaster(file);
  return { values: named(file, () => labelValues(raster)), notes };
}

/** @param unlabelled values that are meant to belong to no structure, besides 0. */
export function valueLabels(
  file: string,
  legend: Legend,
  cache: Recent<ReadValues>,
  unlabelled: readonly number[] = [],
): LabelSource[] {
  return legend.map(([value, structure], index) => ({
    structure,
    file,
    read: async (image) => {
      const { values, notes } = await cache.read(file, readValues);
      return named(file, () => {
        const fitted = fitToImage(maskOfValue(values, value), image);
        // What concerns the file as a whole is said once.
        const whole = index === 0 ? [...notes, unknownValues(values, legend, unlabelled)] : [];
        const notice = changed(file, [...whole, index === 0 ? fitted.note : undefined]);
        return { mask: fitted.mask, ...(notice && { notice }) };
      });
    },
  }));
}

function unknownValues(
  values: Values,
  legend: Legend,
  unlabelled: readonly number[],
): string | undefined {
  const known = new Set([0, ...unlabelled, ...legend.map(([value]) => value)]);
  const unknown = distinct(values.data).filter((value) => !known.has(value));
  if (unknown.length === 0) return undefined;
  const shown = unknown.slice(0, 8).join(', ') + (unknown.length > 8 ? ', …' : '');
  return `holds the values ${shown}, which the legend does not name: they belong to no structure.`;
}
