/**
 * Checks what an export copies. Somebody else may have made the project, and an export that carried away
 * other files of this machine would hand them to whoever gets it.
 */
import { UserError } from '../../errors.ts';
import { sha256Of } from '../../store/files.ts';
import type { ProjectReader } from '../../store/types.ts';
import { walk } from '../tree/walk.ts';

/**
 * Whether an image is the imported one.
 * @param hash the SHA-256 at the import
 * @param changedToo whether another image in its place is no error
 * @throws UserError if the image is missing, or is another one
 */
export async function isImported(
  file: string,
  hash: string,
  changedToo: boolean,
): Promise<boolean> {
  const found = await sha256Of(file);
  if (found === hash) return true;
  if (found === null) {
    throw new UserError(
      `${file} is not there any more, or cannot be read: restore the dataset, or say where it lies now with "overread relink".`,
      { code: 'no-image' },
    );
  }
  if (changedToo) return false;
  throw new UserError(
    `The image ${file} is not the one that was imported: put the original back, import the dataset again, or export with --changed-images, in the window with the switch “Export changed images, too”.`,
    { code: 'no-image' },
  );
}

/**
 * Checks every file in the dataset's folder, because an export copies those that no case names, too.
 * @throws UserError if the project comes from elsewhere and a link leads out of the dataset
 */
export async function assertRestInside(
  project: ProjectReader,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (project.isOwn) return;
  for (const { path } of await walk(project.origin.root, signal)) project.assertInDataset(path);
}
