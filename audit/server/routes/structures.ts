/** The structures of the open project: the list, and a person's changes of them. */
import type { Hono } from 'hono';
import { StructureChange } from '../../contract/api.ts';
import type { StructureList } from '../../contract/api.ts';
import type { ServerContext } from '../http/context.ts';
import { body } from '../http/input.ts';

export function structureRoutes(app: Hono, { workspace, tasks, home }: ServerContext): void {
  app.get('/api/project/structures', (c) =>
    c.json({
      structures: workspace.require().project.structureCounts(),
    } satisfies StructureList),
  );

  app.post('/api/project/structures', async (c) => {
    const change = await body(c, StructureChange);
    const opened = workspace.require();
    tasks.assertProjectFree();
    const author = await home.author();
    (await opened.writer()).changeStructure(change, { author });
    // Everything in memory counts the structures by their places.
    const next = await workspace.reopen();
    next.verdicts.continue(opened.verdicts);
    return c.json({ structures: next.project.structureCounts() } satisfies StructureList);
  });
}
