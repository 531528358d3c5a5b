/**
 * The demo as a task: it makes phantoms, imports them into a project, opens the project, trains and
 * scores. If the demo was stopped, the next task goes on from there.
 */
import { resolve } from 'node:path';
import type { Hono } from 'hono';
import { DemoRequest } from '../../contract/api.ts';
import type { DemoState, DemoTaskResult } from '../../contract/api.ts';
import {
  DEMO_PLAN,
  chooseBackend,
  demoFolder,
  demoPlaces,
  demoState,
  makeDemoProject,
  trainDemo,
} from '../../demo/demo.ts';
import type { DemoEvents } from '../../demo/demo.ts';
import type { ServerContext } from '../http/context.ts';
import { body } from '../http/input.ts';
import { superviseTraining } from '../tasks/training.ts';
import { openAndRemember } from './projects.ts';

export function demoRoutes(app: Hono, context: ServerContext): void {
  const { tasks, home, workspace } = context;

  app.get('/api/demo', async (c) => {
    const folder = demoFolder();
    const { project } = demoPlaces(folder);
    const state = await demoState(folder);
    return c.json({ folder, project, state, cases: DEMO_PLAN.count } satisfies DemoState);
  });

  app.post('/api/demo', async (c) => {
    const { folder: wanted, cases, epochs, size, imageSize } = await body(c, DemoRequest);
    const folder = resolve(wanted ?? demoFolder());
    const plan = {
      ...DEMO_PLAN,
      ...(cases !== undefined && { count: cases }),
      ...(epochs !== undefined && { epochs }),
      ...(size !== undefined && { size }),
      ...(imageSize !== undefined && { imageSize }),
    };
    const place = demoPlaces(folder).project;
    tasks.assertProjectFree();
    const holder = { task: '' };
    const task = tasks.start(
      { kind: 'demo', title: 'The demo', writes: true, project: true },
      async (signal, onProgress) => {
        const events: DemoEvents = { signal, onProgress, onNotice: () => undefined };
        // If the project is open, it exists already; making it would fail: this server holds its lock.
        if (workspace.current?.folder !== place) {
          (await makeDemoProject(folder, plan, events)).close();
        }
        signal.throwIfAborted();
        const opened = await openAndRemember(context, place);
        const writer = await opened.writer();
        if (opened.project.lastRun() === null) {
          const { backend } = await home.settings();
          const choose = async () => backend ?? (await chooseBackend(events));
          await superviseTraining(
            context,
            opened,
            holder.task,
            plan.epochs,
            (running) => trainDemo(writer, plan, choose, running),
            signal,
            onProgress,
          );
        }
        const run = opened.project.lastRun()?.id ?? null;
        return { project: place, run } satisfies DemoTaskResult;
      },
    );
    holder.task = task.id;
    return c.json(task, 202);
  });
}
