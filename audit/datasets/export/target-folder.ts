/** Writes the files of an export and syncs them to the disk. It refuses paths outside the export's folder. */
import { constants } from 'node:fs';
import { copyFile, link, mkdir, open, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import { isWithin } from '../tree/places.ts';

async function place(out: string, path: string): Promise<string> {
  const target = resolve(out, path);
  // The path may come from a file of the dataset. Anybody may have written that file, so its paths may lead
  // out of `out`.
  if (!isWithin(target, out)) {
    throw new UserError(
      `The export would write ${path} outside its folder ${out}: correct this path in the dataset.`,
    );
  }
  await mkdir(dirname(target), { recursive: true });
  return target;
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  await file.sync();
  await file.close();
}

export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}

/** Writes `bytes` as `path` below `out`. */
export async function putBytes(
  out: string,
  path: string,
  bytes: Uint8Array | string,
): Promise<void> {
  const file = await open(await place(out, path), 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Writes the pieces one after another as `path` below `out`. */
export async function putPieces(
  out: string,
  path: string,
  pieces: AsyncIterable<Uint8Array | string>,
): Promise<void> {
  const file = await open(await place(out, path), 'wx');
  try {
    await writeFile(file, pieces);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Copies or links `source` to `path` below `out`. A copy shares disk blocks with `source` if the file
 * system can.
 */
export async function putCopy(
  out: string,
  path: string,
  source: string,
  linked = false,
): Promise<void> {
  const target = await place(out, path);
  if (linked) {
    try {
      return await link(source, target);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      // No link is possible (another disk, or a file system without links), so the file is copied below.
      if (!['EXDEV', 'EPERM', 'ENOTSUP', 'EMLINK'].includes(code)) throw error;
    }
  }
  await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  await sync(target);
}
