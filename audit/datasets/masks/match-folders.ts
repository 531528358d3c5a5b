/** Matches folders of masks with the images of a dataset. */
import { join } from 'node:path';
import type { ImportNotice } from '../../contract/terms.ts';
import { UserError } from '../../errors.ts';
import { codingOf } from './coding.ts';
import type { FoldersLayout } from './folder-layout.ts';
import { binaryLabel, valueLabels } from './label-files.ts';
import type { ReadValues } from './label-files.ts';
import { matchMasks } from './matching.ts';
import { leftOut } from '../import/notices.ts';
import { RecentFiles } from '../tree/recent-files.ts';
import { isImageName, walk } from '../tree/walk.ts';
import type { FoundFile } from '../tree/walk.ts';
import type { LabelSource } from '../types.ts';

/** The labels of each case, by the case's id. */
export type LabelsOf = Map<string, LabelSource[]>;

/**
 * Matches masks with images by their names. A structure without a folder is found, too: it is to be drawn.
 * @param ids the ids of the cases
 * @throws UserError when no mask fits an image; the signal's reason when cancelled.
 */
export async function matchFolders(
  { root, layout }: { readonly root: string; readonly layout: FoldersLayout },
  ids: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<{ labels: LabelsOf; structures: string[]; notices: ImportNotice[] }> {
  const labels: LabelsOf = new Map([...ids].map((id) => [id, []]));
  const structures: string[] = [];
  const notices: ImportNotice[] = [];
  const match = async (
    folder: string,
    name: string,
    add: (file: FoundFile) => LabelSource[],
  ): Promise<boolean> => {
    const files = await walk(folder, signal);
    const found = matchMasks(files, name, ids);
    if (found.matched.size === 0) {
      const reason = files.some((file) => isImageName(file.relative))
        ? 'is a folder of masks, but no mask has the name of an image.'
        : 'is a folder without masks.';
      notices.push(leftOut(folder, reason));
      return false;
    }
    notices.push(...found.notices);
    for (const [id, file] of found.matched) labels.get(id)!.push(...add(file));
    return true;
  };
  for (const { structure, from } of layout.labels) {
    if (from === null) {
      structures.push(structure);
      continue;
    }
    const any = await match(join(root, from), structure, (file) => [
      binaryLabel(structure, file.path),
    ]);
    if (any) structures.push(structure);
  }
  if (layout.multi !== null) {
    const { from, legend, kind, background } = layout.multi;
    const coding = codingOf(legend, kind);
    const cache = new RecentFiles<ReadValues>();
    const any = await match(join(root, from), 'mask', (file) =>
      valueLabels(file.path, coding, cache, { unlabelled: background }),
    );
    if (any) structures.push(...legend.map(([, structure]) => structure));
  }
  if (structures.length === 0) {
    const first = notices[0];
    throw new UserError(
      first === undefined
        ? `${root} has no folder of masks.`
        : `${first.file} ${first.reason.replace(/\.$/, '')}: masks must be named like their images.`,
    );
  }
  return { labels, structures, notices };
}
