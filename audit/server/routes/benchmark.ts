/**
 * The report of a benchmark, out of any folder of the server's machine: as data made of its results,
 * which the interface draws. A page that lies there is never shown.
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
