/**
 * Asks pip, Python's package installer, for the address of a file in its index. If a direct download
 * fails (behind a proxy, say), pip downloads the file. Only pip knows the host of the index.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { firstThatRuns, run } from './command.ts';
import type { Wheel } from './wheels.ts';

export type Pip = readonly string[];

const CANDIDATES: readonly Pip[] = [
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['py', '-3', '-m', 'pip'],
  ['pip3'],
  ['pip'],
  ['uv', 'tool', 'run', 'pip'],
];

/** The command that runs pip on this machine, or null if there is none. */
export function findPip(): Promise<Pip | null> {
  return firstThatRuns(CANDIDATES, ['--version']);
}

/** The wheel's address in pip's index, or null if pip does not print it. */
export async function wheelAddress(
  pip: Pip,
  wheel: Wheel,
  signal?: AbortSignal,
): Promise<string | null> {
  // While pip lists the versions, it prints every file that it sees, even those for another Python.
  const { stdout, stderr } = await run(
    [...pip, 'index', 'versions', wheel.project, '-vv', '--no-color', '--only-binary=:all:'],
    { signal },
  );
  return addressIn(stdout + stderr, wheel.file);
}

/** The address in pip's verbose output that ends in `file`, or null if there is none. */
export function addressIn(output: string, file: string): string | null {
  for (const [word] of output.matchAll(/https?:\/\/\S+/g)) {
    const address = word.split('#')[0] ?? '';
    if (address.endsWith(`/${file}`)) return address;
  }
  return null;
}

/**
 * Lets pip download the wheel into `folder`, an empty folder. The download cannot be resumed.
 * @param onBytes gets, twice a second, the number of bytes that have arrived
 * @returns the path of the wheel
 * @throws Error whose message is one sentence with the reason that pip gives
 */
export async function pipDownload(
  pip: Pip,
  wheel: Wheel,
  folder: string,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const tags = /-(cp\d+|py3)-([a-z0-9]+)-([a-z0-9_.]+)\.whl$/.exec(wheel.file);
  if (!tags) throw new Error(`${wheel.file} is not a wheel's name`);
  const watch = setInterval(() => void bytesIn(folder).then(onBytes), 500);
  try {
    const { status, stderr } = await run(
      [
        ...pip,
        ...['download', '--no-deps', '--no-cache-dir', '--progress-bar=off'],
        ...['--only-binary=:all:', '--implementation', tags[1].slice(0, 2)],
        ...['--python-version', tags[1].startsWith('cp') ? '3.11' : '3', '--abi', tags[2]],
        ...tags[3].split('.').flatMap((platform) => ['--platform', platform]),
        ...['--dest', folder, `${wheel.project}==${wheel.version}`],
      ],
      // pip downloads into the temporary folder, where `bytesIn` measures it.
      { env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder }, signal },
    );
    if (status !== 0) throw new Error(`pip could not download ${wheel.file}: ${reason(stderr)}`);
  } finally {
    clearInterval(watch);
  }
  return join(folder, wheel.file);
}

function reason(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.startsWith('ERROR:'));
  return (lines.at(-1) ?? stderr.trim().split('\n').at(-1) ?? '').replace(/^ERROR:\s*/, '');
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = names
    .filter((name) => name.endsWith('.whl'))
    .map((name) =>
      stat(join(folder, name))
        .then((found) => found.size)
        .catch(() => 0),
    );
  return Math.max(0, ...(await Promise.all(sizes)));
}
