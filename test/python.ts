/**
 * A Python with given packages for tests against an independent implementation: a virtual
 * environment in the cache folder, made once. Null, with the reason printed, where there is none.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../trainer/setup/cache.ts';

/** @param packages as pip names them; `PACKAGE as MODULE` where the module has another name */
export function pythonWith(name: string, packages: readonly string[]): string | null {
  const folder = join(cacheFolder(), `test-python-${name}`);
  const windows = process.platform === 'win32';
  const python = join(folder, ...(windows ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  const parts = packages.map((one) => one.split(' as '));
  const imports = `import ${parts.map(([one, module]) => module ?? one.split('==')[0]).join(', ')}`;
  const works = (): boolean => spawnSync(python, ['-c', imports]).status === 0;
  if (existsSync(python) && works()) return python;
  const make = spawnSync(windows ? 'python' : 'python3', ['-m', 'venv', folder]);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  install.push(...parts.map(([one]) => one));
  if (make.status === 0 && spawnSync(python, install).status === 0 && works()) return python;
  process.stderr.write(`Skipped: no Python with ${packages.join(', ')} can be had here.\n`);
  return null;
}
