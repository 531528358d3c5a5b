/** Mask files as labels: one structure a file, or several of one file, which is decoded once. */
import { CodecError, UnreadableFile } from './codecs/raster.ts';
import { readRaster } from './codecs/index.ts';
import { maskOf, unknownValues } from './coding.ts';
import type { Coding } from './coding.ts';
import { binaryMask, fitToImage, labelValues } from './masks.ts';
import type { Values } from './masks.ts';
import { changed } from './notices.ts';
import type { LabelSource } from './types.ts';

/** Multi-valued files whose values are kept: their structures are read one after the other. */
const KEPT_VALUES = 8;
/** Values that a notice lists. */
const SHOWN = 8;

/** Gives a codec's complaint the name of the file it is about. */
function named<T>(file: string, work: () => T): T {
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

/** Decoded multi-valued masks, the last few. */
export class ValuesCache {
  readonly #kept = new Map<string, Promise<{ values: Values; notes: readonly string[] }>>();

  read(file: string): Promise<{ values: Values; notes: readonly string[] }> {
    const known = this.#kept.get(file);
    if (known !== undefined) return known;
    const reading = readRaster(file).then(({ raster, notes }) => ({
      values: named(file, () => labelValues(raster)),
      notes,
    }));
    this.#kept.set(file, reading);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT_VALUES) break;
      this.#kept.delete(oldest);
    }
    return reading;
  }
}

/**
 * The labels that a multi-valued mask holds, one of each structure of `coding`.
 * @param legend what names the values, for the notice of those that it does not.
 */
export function valueLabels(
  file: string,
  coding: Coding,
  cache: ValuesCache,
  legend = 'the legend',
): LabelSource[] {
  return coding.map((coded, index) => ({
    structure: coded.structure,
    file,
    read: async (image) => {
      const { values, notes } = await cache.read(file);
      return named(file, () => {
        const fitted = fitToImage(maskOf(values, coded), image);
        // What concerns the file as a whole is said once.
        const whole = index === 0 ? [...notes, unknown(values, coding, legend), fitted.note] : [];
        const notice = changed(file, whole);
        return { mask: fitted.mask, ...(notice && { notice }) };
      });
    },
  }));
}

function unknown(values: Values, coding: Coding, legend: string): string | undefined {
  const found = unknownValues(values, coding);
  if (found.length === 0) return undefined;
  const shown = found.slice(0, SHOWN).join(', ') + (found.length > SHOWN ? ', …' : '');
  return 'bits' in coding[0]
    ? `holds the values ${shown}, with bits that ${legend} does not name: those belong to no structure.`
    : `holds the values ${shown}, which ${legend} does not name: they belong to no structure.`;
}
