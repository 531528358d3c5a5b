/** Long tasks: what runs, how far it is, and to stop it. */
import type { Hono } from 'hono';
import type { ServerContext } from '../http/context.ts';
import { Refusal } from '../http/respond.ts';

export function taskRoutes(app: Hono, { tasks }: ServerContext): void {
  const known = <T>(task: T | null): T => {
    if (task === null) throw new Refusal(404, 'There is no such task.');
    return task;
  };
  app.get('/api/tasks', (c) => c.json({ tasks: tasks.list() }));
  app.get('/api/tasks/:id', (c) => c.json(known(tasks.get(c.req.param('id')))));
  app.post('/api/tasks/:id/cancel', (c) => c.json(known(tasks.cancel(c.req.param('id')))));
}
