/** The queue page by page, the values of its filters, and the details of one case. */
import type { Hono } from 'hono';
import { CaseDetailQuery, CasesQuery, ColumnQuery } from '../../contract/api.ts';
import type { CaseDetail, CasesPage, ColumnValues, SimilarCase } from '../../contract/api.ts';
import { CaseColumn } from '../../contract/terms.ts';
import { columnValues } from '../project/columns.ts';
import type { ServerContext } from '../http/context.ts';
import { caseDetail } from '../project/detail.ts';
import { param, query } from '../http/input.ts';
import { addressedCase } from './found.ts';

export function caseRoutes(app: Hono, { workspace }: ServerContext): void {
  app.get('/api/cases', (c) => {
    const wanted = query(c, CasesQuery);
    return c.json(workspace.require().queue.page(wanted) satisfies CasesPage);
  });

  app.get('/api/columns/:column', (c) => {
    const column = param(c, 'column', CaseColumn);
    const { search, limit } = query(c, ColumnQuery);
    const { labels } = workspace.require();
    return c.json(
      columnValues(column, labels.column(column), search, limit) satisfies ColumnValues,
    );
  });

  app.get('/api/cases/:id', async (c) => {
    const { by, run } = query(c, CaseDetailQuery);
    const opened = workspace.require();
    const detail = await caseDetail(opened, addressedCase(c, opened.project), by, run);
    return c.json(detail satisfies CaseDetail);
  });

  app.get('/api/cases/:id/similar', async (c) => {
    const opened = workspace.require();
    const summary = addressedCase(c, opened.project);
    return c.json((await opened.similar.of(summary)) satisfies SimilarCase);
  });
}
