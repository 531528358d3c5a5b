/** Import: what a dataset holds, without writing anything, and the import itself. */
import { resolve } from 'node:path';
import type { Hono } from 'hono';
import { ImportPreviewRequest, ImportRequest } from '../../contract/api.ts';
import type { ImportPreview } from '../../contract/api.ts';
import { createFromDataset } from '../../datasets/create.ts';
import { openDataset } from '../../datasets/formats.ts';
import type { DatasetListing } from '../../datasets/types.ts';
import type { ServerContext } from '../context.ts';
import { body } from '../input.ts';
import { openFor } from './projects.ts';

function preview(
  listing: DatasetListing & { because: string | null },
  offset: number,
  limit: number,
): ImportPreview {
  const names = listing.structures.map(({ name }) => name);
  const counts = new Map(names.map((name) => [name, 0]));
  for (const { labels } of listing.cases) {
    for (const { structure } of labels) counts.set(structure, (counts.get(structure) ?? 0) + 1);
  }
  return {
    format: listing.format,
    because: listing.because,
    root: listing.root,
    structures: listing.structures.map(({ name, colour }) => ({
      name,
      colour,
      labels: counts.get(name) ?? 0,
    })),
    total: listing.cases.length,
    cases: listing.cases.slice(offset, offset + limit).map((source) => ({
      id: source.id,
      image: source.imageFile,
      split: source.split,
      annotator: source.annotator,
      labels: source.labels.map(({ structure, file }) => ({ structure, file })),
      absent: names.filter((name) => !source.labels.some(({ structure }) => structure === name)),
    })),
    notices: listing.notices.map((notice) => ({ ...notice })),
  };
}

export function importRoutes(app: Hono, context: ServerContext): void {
  const { tasks, workspace } = context;

  app.post('/api/import/preview', async (c) => {
    const { source, format, options, offset, limit } = await body(c, ImportPreviewRequest);
    const listing = await openDataset(source, options, format);
    return c.json(preview(listing, offset, limit) satisfies ImportPreview);
  });

  app.post('/api/import', async (c) => {
    const { project, source, format, options } = await body(c, ImportRequest);
    const folder = resolve(project);
    const isOpen = (): boolean => workspace.current?.folder === folder;
    if (isOpen()) tasks.assertProjectFree();
    const task = tasks.start(
      { kind: 'import', title: `Import into ${folder}`, writes: true, project: false },
      async (signal, onProgress) => {
        const listing = await openDataset(source, options, format);
        signal.throwIfAborted();
        // An import that completes the open project needs its lock.
        if (isOpen()) await workspace.close();
        const made = await createFromDataset(folder, listing, {
          options,
          purpose: 'an import',
          signal,
          onProgress,
        });
        made.project.close();
        await openFor(context, folder);
        return { folder, ...made.result };
      },
    );
    return c.json(task, 202);
  });
}
