/** Lists folders of the server's machine, for a browser: its own dialogs do not tell the server a path. */
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
