/**
 * Makes labels from mask files: one label from a binary mask, several from a multi-valued mask, which is
 * decoded once for all of them.
 */
import type { Mask, PixelGrid } from '../../imaging/types.ts';
import { CodecError, UnreadableFile } from '../../codecs/raster.ts';
import { readRaster } from '../../codecs/index.ts';
import type { Part } from '../../codecs/index.ts';
import { maskOf, partOf, unknownValues } from './coding.ts';
import type { CodedStructure, Coding } from './coding.ts';
import { gridNote } from './grid.ts';
import { binaryMask, fitToImage, labelValues } from './masks.ts';
import type { Values } from './masks.ts';
import { changed } from '../import/notices.ts';
import { maskOfPage, missingPage } from './pages.ts';
import type { RecentFiles } from '../tree/recent-files.ts';
import type { LabelSource } from '../types.ts';

/** Most values that a notice lists. */
const SHOWN = 8;

/** Runs `work` and turns a CodecError into an UnreadableFile with the name of the file. */
export function withFileName<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CodecError) throw new UnreadableFile(file, error.message);
    throw error;
  }
}

/** The label of a binary mask file. */
export function binaryLabel(structure: string, file: string): LabelSource {
  return {
    structure,
    file,
    read: async (image) => {
      const { raster, notes } = await readRaster(file, 'mask');
      return withFileName(file, () => {
        const place = gridNote(raster, image);
        const binary = binaryMask(raster);
        const fitted = fitToImage(binary.mask, image);
        const notice = changed(file, [...notes, place, binary.note, fitted.note]);
        return { mask: fitted.mask, ...(notice && { notice }) };
      });
    },
  };
}

/** The same as `withFileName` for asynchronous work. */
export async function withFileNameAsync<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    return withFileName(file, () => {
      throw error;
    });
  }
}

/** The values of a mask file, and notes on how it was read. */
export interface ReadValues {
  readonly values: Values;
  readonly notes: readonly string[];
  /** Where the pixels lie in space, if the file states it. */
  readonly grid?: PixelGrid;
}

async function readValues(file: string, part: Part = 'mask'): Promise<ReadValues> {
  const { raster, notes } = await readRaster(file, part);
  const { grid } = raster;
  return { values: withFileName(file, () => labelValues(raster)), notes, ...(grid && { grid }) };
}

/** Facts about the values that are not in their coding. */
interface AboutValues {
  /** The words for the legend in a notice of unknown values. Default: “the legend”. */
  readonly legend?: string;
  /** Values besides 0 that intentionally belong to no structure. */
  readonly unlabelled?: readonly number[];
  /** Reads the values of the file. Default: its numbers as they are. */
  readonly read?: (file: string) => Promise<ReadValues>;
}

/** The labels of a multi-valued mask, one per structure of `coding`. */
export function valueLabels(
  file: string,
  coding: Coding,
  cache: RecentFiles<ReadValues>,
  {
    legend = 'the legend',
    unlabelled = [],
    read: load = (path) => readValues(path, partOf(coding)),
  }: AboutValues = {},
): LabelSource[] {
  return coding.map((coded, index) => ({
    structure: coded.structure,
    file,
    read: async (image) => {
      const { values, notes, grid } = await cache.read(file, load);
      return withFileName(file, () => {
        const { width, height } = values;
        const place = gridNote({ width, height, ...(grid && { grid }) }, image);
        const { mask, note } = pixelsOf(values, coded);
        const fitted = fitToImage(mask, image);
        // A note on the whole file is given once, with the file's first label.
        const unknown = () =>
          unknownNote(unknownValues(values, coding, unlabelled), coding, legend);
        const shared = index === 0 ? [...notes, place, unknown(), fitted.note] : [];
        const notice = changed(file, [...shared, note]);
        return { mask: fitted.mask, ...(notice && { notice }) };
      });
    },
  }));
}

/** @throws CodecError when the structure's page is missing or looks like a multi-valued mask. */
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
