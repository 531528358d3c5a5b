/** Foresees which labels an export to mask files could not store exactly. */
import { differingPixels } from '../../imaging/polygon.ts';
import { resampleMask } from '../../imaging/resample.ts';
import { readHeader } from '../../codecs/index.ts';
import { codingOf, partOf } from './coding.ts';
import type { Coding } from './coding.ts';
import { valuesFileOf } from '../export/exported.ts';
import { isFile } from '../export/target-folder.ts';
import type { FoldersLayout } from './folder-layout.ts';
import { withFileNameAsync } from './label-files.ts';
import type { ExportedCase, ExportedLabel, ForeseenLoss } from '../types.ts';
import { drawValues, isUntouched, lossesIn, readValuesFile } from './values.ts';

/** The loss of a corrected binary mask, which is written at the size of its file, not of its image. */
export async function foreseeBinary(
  item: ExportedCase,
  label: ExportedLabel,
): Promise<ForeseenLoss[]> {
  const { structure, sourceFile } = label;
  if (!label.corrected || label.verdict === 'excluded' || sourceFile === null) return [];
  if (!(await isFile(sourceFile))) return [];
  const mask = await label.mask();
  if (mask === null) return [];
  const { width, height } = await readHeader(sourceFile);
  const again = resampleMask(resampleMask(mask, width, height), mask.width, mask.height);
  const pixels = differingPixels(again, mask);
  return pixels > 0 ? [{ case: item.id, structure, pixels }] : [];
}

/** The losses of labels that are written into the multi-valued mask from which they were imported. */
export async function foreseeValues(item: ExportedCase, coding: Coding): Promise<ForeseenLoss[]> {
  if (isUntouched(item.labels)) return [];
  const source = valuesFileOf(item);
  if (source === null || !(await isFile(source))) return [];
  const file = await readValuesFile(source, partOf(coding));
  return withFileNameAsync(source, async () =>
    lossesIn(await drawValues(file, coding, item.labels), coding, item),
  );
}

/**
 * The losses of a case in a dataset of folders.
 * @param layout the dataset's layout, or null for a dataset of another format, which loses nothing
 */
export async function foreseeFolders(
  layout: FoldersLayout | null,
  item: ExportedCase,
): Promise<ForeseenLoss[]> {
  if (layout === null) return [];
  const { multi } = layout;
  if (multi !== null) return foreseeValues(item, codingOf(multi.legend, multi.kind));
  return (await Promise.all(item.labels.map((label) => foreseeBinary(item, label)))).flat();
}
