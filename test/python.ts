/**
 * Makes a Python with given packages, for tests that compare with an independent implementation. It is
 * a virtual environment in the cache folder, made once.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../models/folders.ts';

/**
 * @param packages as pip names them; `PACKAGE as MODULE` where the module has another name
 * @param alone packages that pip installs without their dependencies, since only single modules of them
 *   are loaded
 * @returns the path of the Python, or null with the reason printed if it cannot be had
 */
export function pythonWith(
  name: string,
  packages: readonly string[],
  alone: readonly string[] = [],
): string | null {
  const folder = join(cacheFolder(), `test-python-${name}`);
  const windows = process.platform === 'win32';
  const python = join(folder, ...(windows ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  const parts = packages.map((one) => one.split(' as '));
  const imports = parts.map(([one, module]) => `import ${module ?? one.split('==')[0]}`);
  const are = alone.map((one) => `assert version('${one.replace('==', "') == '")}'`);
  const check = ['from importlib.metadata import version', ...imports, ...are].join('\n');
  const works = (): boolean => spawnSync(python, ['-c', check]).status === 0;
  if (existsSync(python) && works()) return python;
  const make = spawnSync(windows ? 'python' : 'python3', ['-m', 'venv', folder]);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  const installs = [
    parts.map(([one]) => one),
    ...(alone.length > 0 ? [['--no-deps', ...alone]] : []),
  ];
  const installed = () => installs.every((one) => spawnSync(python, [...pip, ...one]).status === 0);
  if (make.status === 0 && installed() && works()) return python;
  const all = [...packages, ...alone].join(', ');
  process.stderr.write(`Skipped: a Python with ${all} could not be installed.\n`);
  return null;
}
