/** Cases: the queue page by page, and everything about one. */
import type { Hono } from 'hono';
import { CaseDetailQuery, CasesQuery, ColumnQuery } from '../../contract/api.ts';
import type { CaseDetail, Column, SimilarCase } from '../../contract/api.ts';
import { CaseColumn, CaseId } from '../../contract/terms.ts';
import { columnOf } from '../project/columns.ts';
import type { ServerContext } from '../http/context.ts';
import { caseDetail } from '../project/detail.ts';
import { param, query } from '../http/input.ts';
import { findCase } from './pixels.ts';

export function caseRoutes(app: Hono, { workspace }: ServerContext): void {
  app.get('/api/cases', (c) => {
    const asked = query(c, CasesQuery);
    return c.json(workspace.require().queue.page(asked));
  });

  app.get('/api/columns/:column', (c) => {
    const column = param(c, 'column', CaseColumn);
    const { search, limit } = query(c, ColumnQuery);
    const { labels } = workspace.require();
    return c.json(columnOf(column, labels.column(column), search, limit) satisfies Column);
  });

  app.get('/api/cases/:id', async (c) => {
    const { by, run } = query(c, CaseDetailQuery);
    const detail = await caseDetail(workspace.require(), param(c, 'id', CaseId), by, run);
    return c.json(detail satisfies CaseDetail);
  });

  /** The most similar case that is well labelled. */
  app.get('/api/cases/:id/similar', async (c) => {
    const opened = workspace.require();
    const summary = findCase(opened, param(c, 'id', CaseId));
    return c.json((await opened.similar.of(summary)) satisfies SimilarCase);
  });
}
