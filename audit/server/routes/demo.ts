/** The demo as a task: phantoms, their project, opened, trained and ranked; goes on where it stopped. */
import { resolve } from 'node:path';
import type { Hono } from 'hono';
import { DemoRequest } from '../../contract/api.ts';
import type { DemoState } from '../../contract/api.ts';
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
import { carryTraining } from '../tasks/training.ts';
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
    const asked = await body(c, DemoRequest);
    const folder = resolve(asked.folder ?? demoFolder());
    const plan = {
      ...DEMO_PLAN,
      ...(asked.cases !== undefined && { count: asked.cases }),
      ...(asked.epochs !== undefined && { epochs: asked.epochs }),
      ...(asked.size !== undefined && { size: asked.size }),
      ...(asked.imageSize !== undefined && { imageSize: asked.imageSize }),
    };
    const place = demoPlaces(folder).project;
    tasks.assertProjectFree();
    const holder = { task: '' };
    const task = tasks.start(
      { kind: 'demo', title: 'The demo', writes: true, project: true },
      async (signal, onProgress) => {
        const events: DemoEvents = { signal, onProgress, onNotice: () => undefined };
        // Making it takes the lock, which the open project may hold.
        if (workspace.current?.folder !== place) {
          (await makeDemoProject(folder, plan, events)).close();
        }
        signal.throwIfAborted();
        const opened = await openAndRemember(context, place);
        const writer = await opened.writer();
        if (opened.project.lastRun() === null) {
          const { backend } = await home.settings();
          const choose = async () => backend ?? (await chooseBackend(events));
          await carryTraining(
            context,
            opened,
            holder.task,
            plan.epochs,
            (running) => trainDemo(writer, plan, choose, running),
            signal,
            onProgress,
          );
        }
        return { project: place, run: opened.project.lastRun()?.id ?? null };
      },
    );
    holder.task = task.id;
    return c.json(task, 202);
  });
}
