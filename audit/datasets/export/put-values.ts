/** Writes the multi-valued mask of a case into an export. */
import { isExcluded, valuesFileOf } from './exported.ts';
import { isFile, putBytes, putCopy } from './target-folder.ts';
import { changed, leftOut } from '../import/notices.ts';
import { partOf } from '../masks/coding.ts';
import type { Coding } from '../masks/coding.ts';
import { withFileNameAsync } from '../masks/label-files.ts';
import { encodeValues, renamed } from '../masks/mask-style.ts';
import {
  drawValues,
  isUntouched,
  lostNotes,
  newValuesFile,
  readValuesFile,
} from '../masks/values.ts';
import type { ImportNotice } from '../../contract/terms.ts';
import type { ExportedCase } from '../types.ts';

/**
 * Writes a mask with the corrected labels of its case in the encoding that its file had. A file whose labels
 * nobody changed is copied byte for byte.
 * @param pathOf the path below `out` for the path of the mask's file
 */
export async function putValues(
  out: string,
  pathOf: (source: string) => string,
  item: ExportedCase,
  coding: Coding,
): Promise<ImportNotice[]> {
  const source = valuesFileOf(item);
  if (source === null || !(await isFile(source))) {
    const reason = 'is not there any more: its case has no masks in this export.';
    return [leftOut(source ?? item.id, reason)];
  }
  const path = pathOf(source);
  if (isUntouched(item.labels)) {
    await putCopy(out, path, source);
    return [];
  }
  const file = await readValuesFile(source, partOf(coding));
  const drawn = await withFileNameAsync(source, () => drawValues(file, coding, item.labels));
  const written = renamed(path, drawn.container);
  await putBytes(out, written, await encodeValues(drawn.values, drawn.container));
  const notice = changed(written, lostNotes(drawn));
  return notice === undefined ? [] : [notice];
}

/**
 * Writes the labels of a case that came without masks into a new file. Without a label, nothing is written.
 * @param path the file, below `out`
 */
export async function putNewValues(
  out: string,
  path: string,
  item: ExportedCase,
  coding: Coding,
): Promise<ImportNotice[]> {
  const masks = await Promise.all(
    item.labels.filter((label) => !isExcluded(label)).map((label) => label.mask()),
  );
  if (masks.every((mask) => mask === null)) return [];
  if (partOf(coding) === 'pages') {
    const reason = 'has no file of pages to draw its labels into: export to another format.';
    return [leftOut(item.imageFile, reason)];
  }
  const drawn = await drawValues(newValuesFile(item), coding, item.labels);
  await putBytes(out, path, await encodeValues(drawn.values, drawn.container));
  const notice = changed(path, lostNotes(drawn));
  return notice === undefined ? [] : [notice];
}
