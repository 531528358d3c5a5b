// Makes a project of phantoms of one size, and serves it to a browser.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { writePhantomDataset } from '../../../dist/audit/phantoms/dataset.js';
import { cacheFolder } from '../../../dist/models/folders.js';
import { MAIN, serve } from '../../e2e/serve.mjs';

export const benchFolder = (...parts) => join(cacheFolder(), 'bench-brush', ...parts);

/**
 * Makes a project of `count` phantoms. The phantoms are kept for the next run.
 * @param size side of the images, in pixels
 * @returns the project's folder
 */
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

/** Serves a project (the start screen if undefined), with the benches' own configuration. */
export function serveAlone(project) {
  const env = { ...process.env, OVERREAD_CONFIG: benchFolder('config') };
  // The project was made with another configuration, so that it would only be read.
  if (project !== undefined) spawnSync(process.execPath, [MAIN, 'trust', project], { env });
  return serve(project, env);
}
