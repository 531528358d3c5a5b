// A project of phantoms of one size, served for a browser.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { writePhantomDataset } from '../../../dist/audit/phantoms/dataset.js';
import { cacheFolder } from '../../../dist/models/folders.js';
import { MAIN, serve } from '../../e2e/serve.mjs';

export const benchFolder = (...parts) => join(cacheFolder(), 'bench-brush', ...parts);

/** Makes a project of `count` phantoms, which are kept for the next run. @returns its folder */
export async function makeProject(size, count) {
  const dataset = benchFolder(`phantoms-${size}-${count}`);
  const project = benchFolder(`phantoms-${size}-${count}.overread`);
  if (!existsSync(dataset)) {
    console.error(`making ${count} X-rays of ${size} × ${size} pixels`);
    await writePhantomDataset(dataset, {
      count,
      size,
      seed: 3,
      errorShare: 0.3,
      threads: availableParallelism(),
      onProgress: () => undefined,
    });
  }
  await rm(project, { recursive: true, force: true });
  const made = spawnSync(process.execPath, [MAIN, '--quiet', 'create', project, '--from', dataset]);
  if (made.status !== 0) throw new Error(String(made.stderr));
  return project;
}

/** Serves a project with a fresh configuration. */
export const serveAlone = (project) =>
  serve(project, { ...process.env, OVERREAD_CONFIG: benchFolder('config') });
