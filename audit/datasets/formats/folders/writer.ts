/** The writer `folders`: images and masks in the folders and formats they came in. */
import { join } from 'node:path';
import { openFolders } from '../../export/folder-writer.ts';
import { FoldersLayout } from '../../masks/folder-layout.ts';
import type { DatasetWriter } from '../../types.ts';

export const foldersWriter: DatasetWriter = {
  holds: 'A PNG for each structure of an image; structures may overlap.',
  folders: (root, layout) => {
    const known = FoldersLayout.safeParse(layout);
    if (!known.success || known.data.whole) return [root];
    const { images, labels, multi } = known.data;
    return [images, ...labels, ...(multi === null ? [] : [multi])].map(({ from }) =>
      join(root, from),
    );
  },
  open: (layout, options) =>
    openFolders(layout === null ? null : FoldersLayout.parse(layout), options),
};
