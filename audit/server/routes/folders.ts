/** Folders of the server's machine, for a browser: it cannot show the server's own dialogs. */
import type { Hono } from 'hono';
import { FolderQuery } from '../../contract/api.ts';
import type { FolderListing } from '../../contract/api.ts';
import { listFolder } from '../home/folders.ts';
import { query } from '../http/input.ts';

export function folderRoutes(app: Hono): void {
  app.get('/api/folders', async (c) => {
    const { path } = query(c, FolderQuery);
    return c.json((await listFolder(path)) satisfies FolderListing);
  });
}
