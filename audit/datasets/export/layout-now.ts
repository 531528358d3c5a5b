/**
 * The layout in which a project is exported. After a change of its structures, the layout of the imported dataset
 * fits no more: a dataset of folders gets folders for them, another one is written anew.
 */
import { posix } from 'node:path';
import { UserError } from '../../errors.ts';
import type { ProjectReader } from '../../store/types.ts';
import { FoldersLayout, newMaskFolder } from '../masks/folder-layout.ts';
import type { WrittenFormat } from '../registry.ts';

type Project = Pick<ProjectReader, 'allStructures' | 'origin'>;

/** Whether a structure was added, renamed or removed since the import. */
function areChanged({ allStructures }: Project): boolean {
  return allStructures.some(
    ({ name, added, hidden, former }) => added || hidden || (former[0] ?? name) !== name,
  );
}

/** The layout of separate folders, with the names that the structures have now. */
function foldersNow(layout: FoldersLayout, { allStructures }: Project): FoldersLayout {
  const labels = layout.labels.flatMap((place) => {
    const own = allStructures.find(
      ({ name, added, former }) => !added && (former[0] ?? name) === place.structure,
    );
    if (own === undefined || own.hidden) return [];
    if (own.name === place.structure) return [place];
    const folder = posix.dirname(place.to);
    const named = newMaskFolder(own.name, layout.images.to);
    const to = folder === '.' ? named : `${folder}/${named}`;
    return [{ ...place, structure: own.name, to }];
  });
  return { ...layout, labels };
}

/**
 * The layout for the writer of `format`: null if the dataset is written anew.
 * @throws UserError if the dataset's own format cannot be written with the structures that there are now
 */
export function layoutNow(project: Project, { name, title, writer }: WrittenFormat): unknown {
  const { origin } = project;
  if (name !== origin.format) return null;
  if (!areChanged(project)) return origin.layout;
  const folders = name === 'folders' ? FoldersLayout.safeParse(origin.layout) : null;
  if (folders?.data && folders.data.multi === null) return foldersNow(folders.data, project);
  if (writer.holds !== null) return null;
  throw new UserError(
    `The structures were changed since the import, and a dataset of ${title} is only written with its own: ` +
      'export it in another format, such as “folders”.',
  );
}
