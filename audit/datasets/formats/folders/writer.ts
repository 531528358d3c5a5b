/** The writer `folders`: see `export/folder-writer.ts`. */
import { join } from 'node:path';
import { openFolders } from '../../export/folder-writer.ts';
import { FoldersLayout } from '../../masks/folder-layout.ts';
import type { DatasetWriter } from '../../types.ts';

export const foldersWriter: DatasetWriter = {
  holds: 'A PNG for each structure of an image; structures may overlap.',
  folders: (root, layout) => {
    const parsed = FoldersLayout.safeParse(layout);
    if (!parsed.success || parsed.data.whole) return [root];
    const { images, labels, multi } = parsed.data;
    return [images, ...labels, ...(multi === null ? [] : [multi])].flatMap(({ from }) =>
      from === null ? [] : [join(root, from)],
    );
  },
  open: (layout, options) =>
    openFolders(layout === null ? null : FoldersLayout.parse(layout), options),
};
