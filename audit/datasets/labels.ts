/** Labels of mask files: one of a binary mask, several of a multi-valued one that is decoded once. */
import { CodecError, UnreadableFile } from './codecs/raster.ts';
import { readRaster } from './codecs/index.ts';
import { maskOf, unknownValues } from './coding.ts';
import type { Coding } from './coding.ts';
import { binaryMask, fitToImage, labelValues } from './masks.ts';
import type { Values } from './masks.ts';
import { changed } from './notices.ts';
import type { Recent } from './recent.ts';
import type { LabelSource } from './types.ts';

/** Values that a notice lists. */
const SHOWN = 8;

/** Gives a codec's complaint the name of the file it is about. */
export function named<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CodecError) throw new UnreadableFile(file, error.message);
    throw error;
  }
}

/** The label that a binary mask is. */
export function binaryLabel(structure: string, file: string): LabelSource {
  return {
    structure,
    file,
    read: async (image) => {
      const { raster, notes } = await readRaster(file);
      return named(file, () => {
        const binary = binaryMask(raster);
        const fitted = fitToImage(binary.mask, image);
        const notice = changed(file, [...notes, binary.note, fitted.note]);
        return { mask: fitted.mask, ...(notice && { notice }) };
      });
    },
  };
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

/** What a dataset says of its values, besides their coding. */
interface Said {
  /** What names them, for the notice of those that it does not. */
  readonly legend?: string;
  /** Values that are meant to belong to no structure, besides 0. */
  readonly unlabelled?: readonly number[];
}

/** The labels that a multi-valued mask holds, one of each structure of `coding`. */
export function valueLabels(
  file: string,
  coding: Coding,
  cache: Recent<ReadValues>,
  { legend = 'the legend', unlabelled = [] }: Said = {},
): LabelSource[] {
  return coding.map((coded, index) => ({
    structure: coded.structure,
    file,
    read: async (image) => {
      const { values, notes } = await cache.read(file, readValues);
      return named(file, () => {
        const fitted = fitToImage(maskOf(values, coded), image);
        // What concerns the file as a whole is said once.
        const unknown = () =>
          unknownNote(unknownValues(values, coding, unlabelled), coding, legend);
        const notice = changed(file, index === 0 ? [...notes, unknown(), fitted.note] : []);
        return { mask: fitted.mask, ...(notice && { notice }) };
      });
    },
  }));
}

function unknownNote(found: readonly number[], coding: Coding, legend: string): string | undefined {
  if (found.length === 0) return undefined;
  const shown = found.slice(0, SHOWN).join(', ') + (found.length > SHOWN ? ', …' : '');
  return 'bits' in coding[0]
    ? `holds the values ${shown}, with bits that ${legend} does not name: those belong to no structure.`
    : `holds the values ${shown}, which ${legend} does not name: they belong to no structure.`;
}
