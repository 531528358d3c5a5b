/** Projects: the recent ones; opening, closing and relinking; notices, audit log and verification. */
import { resolve } from 'node:path';
import type { Hono } from 'hono';
import {
  AuditLogQuery,
  ForgetRequest,
  OpenProject,
  RecentPictureQuery,
  Relink,
  VerifyRequest,
} from '../../contract/api.ts';
import type { AuditLog, Status, VerifyResult } from '../../contract/api.ts';
import { logFile } from '../../log/log.ts';
import type { ServerContext } from '../http/context.ts';
import { body, query } from '../http/input.ts';
import { Refusal, sendBytes } from '../http/respond.ts';
import type { OpenedProject } from '../project/opened-project.ts';

/**
 * Opens a project and adds it to the recent ones.
 * @throws Refusal (409) while a task needs the project that is open
 */
export async function openFor(context: ServerContext, folder: string): Promise<OpenedProject> {
  const { workspace, tasks } = context;
  if (workspace.current && workspace.current.folder !== resolve(folder)) {
    tasks.assertProjectFree();
  }
  return openAndRemember(context, folder);
}

/** `openFor` without its check, for a task that itself needs the open project. */
export async function openAndRemember(
  context: ServerContext,
  folder: string,
): Promise<OpenedProject> {
  const { workspace, home, recents } = context;
  const opened = await workspace.open(folder);
  const { name, cases } = opened.info();
  await home.remember({ folder: opened.folder, name, cases });
  recents.soon();
  return opened;
}

export function projectRoutes(app: Hono, context: ServerContext): void {
  const { workspace, tasks, home } = context;

  app.get('/api/status', (c) =>
    c.json({
      version: context.version,
      log: logFile(),
      project: workspace.current?.info() ?? null,
      tasks: tasks.list(),
    } satisfies Status),
  );

  app.get('/api/projects', async (c) => c.json({ projects: await home.recent() }));

  app.get('/api/projects/picture', async (c) => {
    const { folder, v } = query(c, RecentPictureQuery);
    const kept = await home.picture(folder);
    if (!kept) throw new Refusal(404, 'There is no picture of this project.');
    return sendBytes(c.req.raw, {
      body: kept.png,
      type: 'image/png',
      etag: kept.version,
      immutable: v === kept.version,
    });
  });

  app.post('/api/projects/open', async (c) => {
    const { folder } = await body(c, OpenProject);
    return c.json((await openFor(context, folder)).info());
  });

  app.post('/api/projects/forget', async (c) => {
    const { folder } = await body(c, ForgetRequest);
    await home.forget(folder);
    return c.json({ projects: await home.recent() });
  });

  app.get('/api/project', (c) => c.json(workspace.require().info()));

  app.post('/api/project/close', async (c) => {
    tasks.assertProjectFree();
    await workspace.close();
    return c.json({});
  });

  app.get('/api/project/notices', (c) =>
    c.json({ notices: workspace.require().project.importNotices() }),
  );

  app.get('/api/project/log', (c) => {
    const range = query(c, AuditLogQuery);
    const rows = workspace.require().project.auditLog(range);
    return c.json({ rows } satisfies AuditLog);
  });

  app.post('/api/project/relink', async (c) => {
    const { root } = await body(c, Relink);
    const opened = workspace.require();
    const author = await home.author();
    if (opened.project.isOwn) (await opened.writer()).relink(root, { author });
    else opened.project.nameDataset(root);
    opened.changed('project', null);
    return c.json(opened.info());
  });

  app.post('/api/project/trust', async (c) => {
    const opened = workspace.require();
    tasks.assertProjectFree();
    opened.project.trust();
    // It was opened so that nothing is written to it.
    return c.json((await workspace.reopen()).info());
  });

  app.post('/api/project/verify', async (c) => {
    const { images } = await body(c, VerifyRequest);
    const { project } = workspace.require();
    const task = tasks.start(
      { kind: 'verify', title: `Verify ${project.name}`, writes: false, project: true },
      async (signal, onProgress) => {
        const findings = await project.verify({
          images,
          signal,
          onProgress: (done, total) =>
            onProgress({ task: 'verify', message: 'Checking', done, total, secondsLeft: null }),
        });
        signal.throwIfAborted();
        return { findings } satisfies VerifyResult;
      },
    );
    return c.json(task, 202);
  });
}
