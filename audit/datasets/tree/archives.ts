/** Finds the archive in which a dataset came, and says what to do with it. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { PACK_NAME } from '../../contract/terms.ts';
import { UserError } from '../../errors.ts';

/** The name of an archive, as CVAT, Roboflow and Label Studio hand it out. */
const ZIP = /\.zip$/i;
/** The names of archives that Overread does not unpack. */
const OTHER = /\.(tar|tgz|tbz2?|txz|7z|rar)$|\.tar\.[a-z0-9]+$/i;

/** An archive that a person named, or that lies in the folder that a person named. */
export interface Archive {
  /** The absolute path of its file. */
  readonly file: string;
  /** The absolute path of what the person named. */
  readonly named: string;
  /** Whether it is a packed project, which is no dataset. */
  readonly isPack: boolean;
  /** Whether Overread can unpack it. */
  readonly isZip: boolean;
}

/** The archive that `source` is or holds, or null if there is none. */
export async function archiveAt(source: string): Promise<Archive | null> {
  const named = resolve(source);
  const found = await stat(named).catch(() => null);
  if (found === null) return null;
  const of = (file: string): Archive => ({
    file,
    named,
    isPack: PACK_NAME.test(file),
    isZip: ZIP.test(file),
  });
  const isNamedSo = (name: string): boolean => ZIP.test(name) || OTHER.test(name);
  if (!found.isDirectory()) return isNamedSo(named) && found.isFile() ? of(named) : null;
  const names = (await readdir(named)).sort();
  const name = names.find((one) => ZIP.test(one)) ?? names.find((one) => OTHER.test(one));
  return name === undefined ? null : of(join(named, name));
}

/** The error for a dataset that lies in an archive. A packed project is no dataset, though it may hold one. */
export function toUnpack({ file, isPack, isZip }: Archive): UserError {
  if (!isZip) {
    return new UserError(
      `${file} is an archive: unpack it first, and name the folder that comes out of it.`,
    );
  }
  return isPack
    ? new UserError(
        `${file} is a packed project, not a dataset: open it with "overread unpack", or choose Unpack in the window.`,
      )
    : new UserError(
        `${file} is a ZIP archive: unpack it first, such as with "overread create --unpack", and name the folder that comes out of it.`,
        { code: 'archive' },
      );
}

/**
 * The new folder into which an archive is unpacked: beside the project, under the archive's name.
 * @param project the project's folder; default: a project beside what the person named
 */
export function folderOfArchive({ file, named }: Archive, project?: string): string {
  const name = basename(file).replace(ZIP, '');
  const folder = join(dirname(project ?? named), name);
  const isTaken = folder === project || folder === named;
  return isTaken ? `${folder}-dataset` : folder;
}
