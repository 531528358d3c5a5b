/** Labels of mask files: one of a binary mask, several of a multi-valued one that is decoded once. */
import type { Mask } from '../../imaging/types.ts';
import { CodecError, UnreadableFile } from '../../codecs/raster.ts';
import { readRaster } from '../../codecs/index.ts';
import type { Part } from '../../codecs/index.ts';
import { maskOf, partOf, unknownValues } from './coding.ts';
import type { CodedStructure, Coding } from './coding.ts';
import { binaryMask, fitToImage, labelValues } from './masks.ts';
import type { Values } from './masks.ts';
import { changed } from '../import/notices.ts';
import { maskOfPage, missingPage } from './pages.ts';
import type { Recent } from '../tree/recent-files.ts';
import type { LabelSource } from '../types.ts';

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
      const { raster, notes } = await readRaster(file, 'mask');
      return named(file, () => {
        const binary = binaryMask(raster);
        const fitted = fitToImage(binary.mask, image);
        const notice = changed(file, [...notes, binary.note, fitted.note]);
        return { mask: fitted.mask, ...(notice && { notice }) };
      });
    },
  };
}

/** As `named`, of work that takes its time. */
export async function namedWork<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    return named(file, () => {
      throw error;
    });
  }
}

/** The values of a file, and what is to be said of it. */
export interface ReadValues {
  readonly values: Values;
  readonly notes: readonly string[];
}

export async function readValues(file: string, part: Part = 'mask'): Promise<ReadValues> {
  const { raster, notes } = await readRaster(file, part);
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
      const { values, notes } = await cache.read(file, (path) => readValues(path, partOf(coding)));
      return named(file, () => {
        const { mask, note } = pixelsOf(values, coded);
        const fitted = fitToImage(mask, image);
        // What concerns the file as a whole is said once.
        const unknown = () =>
          unknownNote(unknownValues(values, coding, unlabelled), coding, legend);
        const shared = index === 0 ? [...notes, unknown(), fitted.note] : [];
        const notice = changed(file, [...shared, note]);
        return { mask: fitted.mask, ...(notice && { notice }) };
      });
    },
  }));
}

/** @throws CodecError when it is a page that the file has not, or that holds several values. */
function pixelsOf(values: Values, coded: CodedStructure): { mask: Mask; note?: string } {
  if (!('page' in coded)) return { mask: maskOf(values, coded) };
  const missing = missingPage(values, coded.page);
  if (missing !== null) throw new CodecError(missing);
  return maskOfPage(values, coded.page);
}

function unknownNote(found: readonly number[], coding: Coding, legend: string): string | undefined {
  if (found.length === 0) return undefined;
  const shown = found.slice(0, SHOWN).join(', ') + (found.length > SHOWN ? ', …' : '');
  if (partOf(coding) === 'pages') {
    const [pages, belong] = found.length === 1 ? ['page', 'it belongs'] : ['pages', 'they belong'];
    return `holds something on ${pages} ${shown}, which ${legend} does not name: ${belong} to no structure.`;
  }
  return 'bits' in coding[0]
    ? `holds the values ${shown}, with bits that ${legend} does not name: those belong to no structure.`
    : `holds the values ${shown}, which ${legend} does not name: they belong to no structure.`;
}
