/** A dataset that is named by one of its files (`annotations.json`, say) instead of its folder. */
import { basename, dirname, extname, resolve } from 'node:path';
import { findCocoFiles } from './formats/coco/plan.ts';
import { isFile } from './export/target-folder.ts';
import type { FormatName } from './format-names.ts';
import { findTaskFiles } from './formats/labelstudio/plan.ts';
import { idOf } from './tree/walk.ts';

/** Where COCO keeps its files, beside the folders of images. */
const COCO_FOLDER = /^annotations$/i;

export interface Named {
  /** The dataset's folder. */
  readonly source: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** The formats that have such a file; none where it does not tell. */
  readonly formats: readonly FormatName[];
}

async function formatsOf(file: string): Promise<Named['formats']> {
  switch (extname(file).toLowerCase()) {
    case '.csv':
    case '.parquet':
      return ['manifest'];
    case '.yaml':
    case '.yml':
      return ['yolo'];
    case '.xml':
      return ['cvat'];
    case '.json': {
      const name = basename(file);
      const found = [{ path: file, relative: name, id: idOf(name) }];
      if ((await findCocoFiles(found)).length > 0) return ['coco'];
      if ((await findTaskFiles(found)).length > 0) return ['labelstudio'];
      return ['nnunet', 'labelme'];
    }
    default:
      return [];
  }
}

/**
 * The dataset that a path means: the folder that a file lies in, and of a table of labels that very
 * file. A folder means itself.
 * @param format the one that was asked for
 */
export async function named(
  source: string,
  options: Readonly<Record<string, unknown>>,
  format?: string,
): Promise<Named> {
  const file = resolve(source);
  if (!(await isFile(file))) return { source, options, formats: [] };
  const formats = await formatsOf(file);
  const asked = format ?? formats[0];
  const folder = dirname(file);
  if (asked === 'manifest') {
    return { source: folder, options: { manifest: file, ...options }, formats };
  }
  const isBeside = asked === 'coco' && COCO_FOLDER.test(basename(folder));
  return { source: isBeside ? dirname(folder) : folder, options, formats };
}
