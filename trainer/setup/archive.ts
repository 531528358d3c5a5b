/**
 * TensorFlow's C library from an archive that the person gives by its path, for machines without a wheel. Overread
 * fetches no archive: its maker publishes no checksums. The person says which one the archive must have, or it is one
 * that nixpkgs publishes.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.ts';
import { sha256 } from './download.ts';

/** SHA-256 of archives in nixpkgs (`libtensorflow-bin`), by name. */
const KNOWN: Readonly<Record<string, string>> = {
  'libtensorflow-cpu-darwin-x86_64-2.9.1.tar.gz':
    '56f83d3320ba0f69aaafd6c058645e1b7fbc75fb9a3fc36d6be98de1291ca226',
  'libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz':
    '7f510d2546e3db5e10b1d119463689003d587842892ad3c95bca51cf82820173',
};

export interface GivenArchive {
  readonly path: string;
  /** The SHA-256 that the person expects; null if they gave none. */
  readonly sha256: string | null;
}

/** The archive that the person gives, or null. */
export function givenArchive(env: NodeJS.ProcessEnv = process.env): GivenArchive | null {
  const path = env['OVERREAD_TENSORFLOW_ARCHIVE'] ?? '';
  if (path === '') return null;
  const sum = (env['OVERREAD_TENSORFLOW_SHA256'] ?? '').trim().toLowerCase();
  return { path, sha256: sum === '' ? null : sum };
}

/** The sentence for a machine for which no wheel is known. */
export function noWheel(platform: string, architecture: string): string {
  return `No TensorFlow with a published checksum is known for ${platform} on ${architecture}, so none is fetched: name an archive of its C library in OVERREAD_TENSORFLOW_ARCHIVE and the archive's SHA-256 in OVERREAD_TENSORFLOW_SHA256, or train with the backend webgpu or wasm.`;
}

/**
 * Unpacks the archive's `lib` and `include` into `folder`, after its checksum was compared.
 * @throws Error whose message is one sentence
 */
export async function unpackArchive(
  { path, sha256: expected }: GivenArchive,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  if (!existsSync(path)) {
    throw new Error(
      `There is no file ${path}: name TensorFlow's archive in OVERREAD_TENSORFLOW_ARCHIVE.`,
    );
  }
  const sum = await sha256(path, signal);
  if (expected === null && !Object.values(KNOWN).includes(sum)) {
    throw new Error(
      `Overread does not know the archive ${path}: name the SHA-256 that it must have in OVERREAD_TENSORFLOW_SHA256.`,
    );
  }
  if (expected !== null && sum !== expected) {
    throw new Error(`${path} has the SHA-256 ${sum}, not ${expected}: get the archive again.`);
  }
  const unpacked = join(folder, 'unpacked');
  await mkdir(unpacked);
  const { status } = await run(['tar', '-xzf', path, '-C', unpacked], { signal });
  const names = await readdir(unpacked);
  if (status !== 0 || !names.includes('lib') || !names.includes('include')) {
    throw new Error(`${path} is not an archive of TensorFlow's C library: get the archive again.`);
  }
  await mkdir(join(folder, 'deps'), { recursive: true });
  await cp(join(unpacked, 'lib'), join(folder, 'deps', 'lib'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  await cp(join(unpacked, 'include'), join(folder, 'include'), { recursive: true });
  await rm(unpacked, { recursive: true });
}
