/**
 * Sets TensorFlow up in the cache folder: takes the C library from the Python wheel, and compiles the
 * addon that connects it with Node. Without a wheel for this machine, the person gives an archive (`archive.ts`). A call after a finished set-up does nothing, an interrupted call can be repeated, and two
 * processes may call at once: the finished folder is moved into its place as a whole.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, statfs, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { buildAddon, findCompiler } from './addon.ts';
import { givenArchive, noWheel, unpackArchive } from './archive.ts';
import { download, sha256 } from './download.ts';
import { withLock } from './lock.ts';
import { findPip, pipDownload, wheelAddress } from './pip.ts';
import type { Pip } from './pip.ts';
import type { Report } from './progress.ts';
import { tensorflowFlavour, tensorflowFolder } from './tensorflow-folder.ts';
import type { Flavour } from './tensorflow-folder.ts';
import { unpack } from './unpack.ts';
import { wheelsFor } from './wheels.ts';
import type { Wheel } from './wheels.ts';

/** Free bytes that the set-up needs, for the wheels and the unpacked libraries, with room to spare. */
const BYTES_NEEDED: Readonly<Record<Flavour, number>> = { cpu: 1.4e9, gpu: 11e9 };

/** The path of the addon in a finished folder. */
function addonIn(folder: string): string {
  return join(folder, 'lib', 'napi-v8', 'tfjs_binding.node');
}

/**
 * Sets TensorFlow up if that was not done yet.
 * @returns the folder of TensorFlow
 * @throws Error whose message says what failed and, if known, what is missing
 */
export async function setUpTensorflow(
  report: Report,
  signal?: AbortSignal,
  flavour: Flavour = tensorflowFlavour(),
): Promise<string> {
  const folder = tensorflowFolder(flavour);
  if (existsSync(addonIn(folder))) return folder;
  const cache = dirname(folder);
  await mkdir(cache, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `The cache folder ${cache} cannot be made (${error.code}): set OVERREAD_CACHE to one that can be written.`,
    );
  });
  const wait = (): void =>
    report({ message: 'Another process is setting TensorFlow up, waiting', done: 0, total: 0 });
  await withLock(
    `${folder}.lock`,
    async () => {
      if (existsSync(addonIn(folder))) return;
      await roomFor(cache, BYTES_NEEDED[flavour]);
      const unfinished = `${folder}.unfinished`;
      await rm(unfinished, { recursive: true, force: true });
      await mkdir(unfinished);
      try {
        await build(unfinished, flavour, cache, report, signal);
        await rm(folder, { recursive: true, force: true });
        await rename(unfinished, folder);
      } finally {
        await rm(unfinished, { recursive: true, force: true });
      }
    },
    wait,
    signal,
  );
  return folder;
}

async function build(
  folder: string,
  flavour: Flavour,
  cache: string,
  report: Report,
  signal?: AbortSignal,
): Promise<void> {
  const archive = givenArchive();
  const wheels = wheelsFor(flavour);
  if (archive === null && wheels.length === 0) {
    throw new Error(noWheel(process.platform, process.arch));
  }
  const compiler = await findCompiler();
  if (!compiler) throw missing('a C++ compiler (g++)');
  if (archive !== null) {
    report({ message: 'Unpacking TensorFlow', done: 0, total: 0 });
    await unpackArchive(archive, folder, signal);
  } else {
    await unpackWheels(wheels, { folder, cache, report, signal });
  }
  report({ message: 'Compiling the TensorFlow addon', done: 0, total: 0 });
  await buildAddon(compiler, folder, signal);
  for (const { file } of wheels) await rm(join(cache, file), { force: true });
}

function missing(what: string): Error {
  return new Error(
    `TensorFlow's set-up needs ${what}: install it and set TensorFlow up again, or train with the backend webgpu or wasm.`,
  );
}

/** Downloads the wheels and unpacks the library, its headers and CUDA. */
async function unpackWheels(
  wheels: readonly Wheel[],
  {
    folder,
    cache,
    report,
    signal,
  }: { folder: string; cache: string; report: Report; signal: AbortSignal | undefined },
): Promise<void> {
  const pip = await findPip();
  if (!pip) throw missing('Python with pip');
  for (const wheel of wheels) {
    const path = await fetchWheel(pip, wheel, cache, report, signal);
    const message = `Unpacking ${wheel.project} ${wheel.version}`;
    const files = await unpack(
      path,
      folder,
      unpackedPath,
      (done, total) => report({ message, done, total }),
      signal,
    );
    if (files === 0) throw new Error(`${wheel.file} does not hold the library.`);
  }
  await links(join(folder, 'deps', 'lib'));
}

/**
 * Downloads the wheel, or takes it from the cache.
 * @returns the wheel's path; the file is complete and checked
 */
async function fetchWheel(
  pip: Pip,
  wheel: Wheel,
  cache: string,
  report: Report,
  signal?: AbortSignal,
): Promise<string> {
  const message = `Downloading ${wheel.project} ${wheel.version}`;
  const onBytes = (done: number): void => report({ message, done, total: wheel.bytes });
  const path = join(cache, wheel.file);
  if (existsSync(path) && (await sha256(path, signal)) === wheel.sha256) return path;
  report({ message, done: 0, total: wheel.bytes });
  const address = await wheelAddress(pip, wheel, signal);
  if (address !== null) {
    try {
      await download({ address, to: path, ...wheel }, onBytes, signal);
      return path;
    } catch {
      // pip downloads below: it may work where Node fails (behind a proxy, with another certificate).
      signal?.throwIfAborted();
    }
  }
  const folder = join(cache, `${wheel.file}.pip`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    const found = await pipDownload(pip, wheel, folder, onBytes, signal);
    if ((await sha256(found, signal)) !== wheel.sha256) {
      throw new Error(`${wheel.file} is not the expected file (SHA-256): try again.`);
    }
    await rename(found, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return path;
}

/** The path to which an entry of a wheel is unpacked, or null if the entry is not needed. */
export function unpackedPath(entry: string): string | null {
  if (/^tensorflow\/libtensorflow_(cc|framework)\.so\.2$/.test(entry)) {
    return join('deps', 'lib', basename(entry));
  }
  const header = /^tensorflow\/include\/(.+\.h)$/.exec(entry)?.[1];
  if (
    header !== undefined &&
    (header.startsWith('tensorflow/c/') ||
      /^(tensorflow\/core|tsl)\/platform\/(ctstring\w*|platform)\.h$/.test(header) ||
      header === 'xla/tsl/c/tsl_status.h')
  ) {
    return join('include', header);
  }
  // TensorFlow looks for CUDA's libraries in folders beside its own.
  return /^nvidia\/\w+\/lib\/[^/]+\.so[.\d]*$/.test(entry) ? join('deps', entry) : null;
}

/** Makes links with the names of the libraries that the linker looks for. */
async function links(folder: string): Promise<void> {
  await symlink('libtensorflow_cc.so.2', join(folder, 'libtensorflow.so'));
  await symlink('libtensorflow_framework.so.2', join(folder, 'libtensorflow_framework.so'));
}

async function roomFor(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < bytes) {
    throw new Error(
      `TensorFlow needs ${(bytes / 1e9).toFixed(1)} GB in ${folder}, where ${((bavail * bsize) / 1e9).toFixed(1)} GB are free: make room, or set OVERREAD_CACHE to another disk.`,
    );
  }
}
