/** Foresees which labels an export of a manifest could not store exactly. */
import { isFile } from '../../export/target-folder.ts';
import { foreseeBinary } from '../../masks/losses.ts';
import { codingIn } from './reader.ts';
import type { PlannedCase, PlannedLabel } from './plan.ts';
import type { ExportedCase, ExportedLabel, ForeseenLoss } from '../../types.ts';
import { drawValues, isUntouched, lossesIn, readValuesFile } from '../../masks/values.ts';

/**
 * One mask file. `planned` and `labels` hold its labels in the same order: `planned` as the manifest
 * names them, `labels` as the project holds them now.
 */
export interface MaskFile {
  /** The absolute path. */
  readonly file: string;
  readonly planned: readonly PlannedLabel[];
  readonly labels: readonly ExportedLabel[];
}

/** The mask files of a case, with the labels that were imported from them. */
export function maskFilesOf(item: ExportedCase, { labels: planned }: PlannedCase): MaskFile[] {
  const labelOf = (structure: string) =>
    item.labels.find((label) => label.structure === structure && label.sourceFile !== null);
  return [...new Set(planned.map(({ mask }) => mask))].map((file) => {
    const own = planned.filter(({ mask, structure }) => mask === file && labelOf(structure));
    return { file, planned: own, labels: own.map(({ structure }) => labelOf(structure)!) };
  });
}

async function foreseeFile(
  item: ExportedCase,
  { file, planned, labels }: MaskFile,
): Promise<ForeseenLoss[]> {
  if (planned.length === 0 || isUntouched(labels) || !(await isFile(file))) return [];
  if (planned[0].values.length === 0) return foreseeBinary(item, labels[0]);
  const coding = codingIn(planned, file);
  const drawn = await drawValues(await readValuesFile(file), coding, labels);
  return lossesIn(drawn, coding, { ...item, labels });
}

/**
 * The losses of a case. They arise because a corrected mask is written at the size and with the values of
 * its file.
 */
export async function foreseeManifest(
  planned: PlannedCase | undefined,
  item: ExportedCase,
): Promise<ForeseenLoss[]> {
  if (planned === undefined) return [];
  const files = maskFilesOf(item, planned);
  return (await Promise.all(files.map((one) => foreseeFile(item, one)))).flat();
}
