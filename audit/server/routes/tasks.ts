/** Long tasks: the list, one task, and cancelling it. */
import type { Hono } from 'hono';
import type { Task } from '../../contract/api.ts';
import type { ServerContext } from '../http/context.ts';
import { Refusal } from '../http/respond.ts';

export function taskRoutes(app: Hono, { tasks }: ServerContext): void {
  const found = (task: Task | null): Task => {
    if (task === null) throw new Refusal(404, 'There is no such task.');
    return task;
  };
  app.get('/api/tasks', (c) => c.json({ tasks: tasks.list() }));
  app.get('/api/tasks/:id', (c) => c.json(found(tasks.get(c.req.param('id')))));
  app.post('/api/tasks/:id/cancel', (c) => c.json(found(tasks.cancel(c.req.param('id')))));
}
