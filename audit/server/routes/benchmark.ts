/**
 * The report of a benchmark as data, computed from the results in any folder of the server's machine.
 * The interface draws it; it never shows a page that lies in the folder.
 */
import { resolve } from 'node:path';
import type { Hono } from 'hono';
import { openReport } from '../../benchmark/folder.ts';
import { BenchmarkQuery } from '../../contract/api.ts';
import type { BenchmarkReport } from '../../contract/api.ts';
import { query } from '../http/input.ts';

export function benchmarkRoutes(app: Hono): void {
  app.get('/api/benchmark', async (c) => {
    const { folder } = query(c, BenchmarkQuery);
    return c.json((await openReport(resolve(folder))) satisfies BenchmarkReport);
  });
}
