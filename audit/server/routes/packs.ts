/** Packs the open project into one file, and unpacks a file into a new project. */
import { resolve } from 'node:path';
import type { Hono } from 'hono';
import { packProject } from '../../archive/pack.ts';
import { unpackProject } from '../../archive/unpack.ts';
import { PackRequest, UnpackRequest } from '../../contract/api.ts';
import type { PackResult, UnpackResult } from '../../contract/api.ts';
import type { ServerContext } from '../http/context.ts';
import { body } from '../http/input.ts';
import { openFor } from './projects.ts';

export function packRoutes(app: Hono, context: ServerContext): void {
  const { tasks, workspace, home } = context;

  app.post('/api/pack', async (c) => {
    const { out, images } = await body(c, PackRequest);
    const { project } = workspace.require();
    const task = tasks.start(
      { kind: 'pack', title: `Pack into ${out}`, writes: false, project: true },
      async (signal, onProgress) =>
        (await packProject(project, out, { images, signal, onProgress })) satisfies PackResult,
    );
    return c.json(task, 202);
  });

  app.post('/api/unpack', async (c) => {
    const { file, project } = await body(c, UnpackRequest);
    const folder = resolve(project);
    const author = await home.author();
    const task = tasks.start(
      { kind: 'unpack', title: `Unpack into ${folder}`, writes: true, project: false },
      async (signal, onProgress) => {
        const result = await unpackProject(file, folder, { author, signal, onProgress });
        await openFor(context, folder);
        return result satisfies UnpackResult;
      },
    );
    return c.json(task, 202);
  });
}
