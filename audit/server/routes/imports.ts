/** Imports: the formats, the preview of a dataset, which writes nothing, and the import itself. */
import { basename, dirname, join, resolve } from 'node:path';
import type { Hono } from 'hono';
import { ImportPreviewRequest, ImportRequest, UnpackDatasetRequest } from '../../contract/api.ts';
import type {
  ImportFormats,
  ImportPreview,
  ImportTaskResult,
  UnpackDatasetResult,
} from '../../contract/api.ts';
import { unpackDataset } from '../../archive/dataset.ts';
import { archiveAt, folderOfArchive, toUnpack } from '../../datasets/tree/archives.ts';
import { UserError } from '../../errors.ts';
import { checkProjectFolder, createFromDataset } from '../../datasets/import/create.ts';
import { openDataset, readFormats } from '../../datasets/registry.ts';
import { selectStructures } from '../../datasets/import/select.ts';
import type { DatasetListing, OpenedDataset } from '../../datasets/types.ts';
import type { ServerContext } from '../http/context.ts';
import { body } from '../http/input.ts';
import { createDatasetPreviews } from '../tasks/dataset-previews.ts';
import { openFor } from './projects.ts';

/** The structures with labels, then those whose folder gave no label. */
function structuresOf({
  structures,
  places,
}: DatasetListing): Omit<ImportPreview['structures'][number], 'labels'>[] {
  const names = new Set(structures.map(({ name }) => name));
  const empty = (places?.structures ?? []).filter(({ structure }) => !names.has(structure));
  return [
    ...structures.map(({ name, colour }) => {
      const place = places?.structures.find(({ structure }) => structure === name);
      return { name, colour, folder: place?.folder ?? null, coded: place?.coded ?? null };
    }),
    ...empty.map(({ structure: name, folder, coded }) => ({
      name,
      colour: '#808080',
      folder,
      coded,
    })),
  ];
}

function preview(
  listing: OpenedDataset,
  place: ImportPreview['place'],
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
    structures: structuresOf(listing).map((structure) => ({
      ...structure,
      labels: counts.get(structure.name) ?? 0,
    })),
    images: listing.places?.images ?? null,
    place,
    total: listing.cases.length,
    splits: listing.cases.some(({ split }) => split !== null),
    annotators: listing.cases.some(({ annotator }) => annotator !== null),
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

/** The suggested project folder for a dataset: `…/chest.overread` for `…/chest`. */
const placeBeside = (root: string): string => join(dirname(root), `${basename(root)}.overread`);

export function importRoutes(app: Hono, context: ServerContext): void {
  const { tasks, workspace } = context;
  const previews = createDatasetPreviews(tasks);

  app.get('/api/import/formats', (c) => {
    const formats = readFormats
      .map(({ name, title, reader: { options = [] } }) => ({
        format: name,
        name: title,
        options: [...options],
      }))
      .sort((a, b) => a.name.localeCompare(b.name, 'en'));
    return c.json({ formats } satisfies ImportFormats);
  });

  app.post('/api/import/preview', async (c) => {
    const request = await body(c, ImportPreviewRequest);
    const { offset, limit, project, source, structures } = request;
    const found = await previews.read(request, c.req.raw.signal);
    const wanted = found.structures.filter(({ name }) => structures?.includes(name));
    const listing = wanted.length === 0 ? found : selectStructures(found, wanted);
    const folder = project ?? (source === '' ? null : placeBeside(found.root));
    const place =
      folder === null ? null : { folder, ...(await checkProjectFolder(folder, listing)) };
    return c.json(preview({ ...found, ...listing }, place, offset, limit) satisfies ImportPreview);
  });

  app.post('/api/import/unpack', async (c) => {
    const { source } = await body(c, UnpackDatasetRequest);
    const archive = await archiveAt(source);
    if (archive === null) {
      throw new UserError(`${source} is no ZIP archive: name its file.`, { code: 'not-found' });
    }
    if (archive.isPack || !archive.isZip) throw toUnpack(archive);
    const target = folderOfArchive(archive);
    const task = tasks.start(
      { kind: 'unpack-dataset', title: `Unpack into ${target}`, writes: false, project: false },
      async (signal, onProgress) => {
        const folder = await unpackDataset(archive.file, target, { signal, onProgress });
        return { folder } satisfies UnpackDatasetResult;
      },
    );
    return c.json(task, 202);
  });

  app.post('/api/import', async (c) => {
    const { project, source, format, options, structures } = await body(c, ImportRequest);
    const folder = resolve(project);
    const isOpen = (): boolean => workspace.current?.folder === folder;
    if (isOpen()) tasks.assertProjectFree();
    previews.forget();
    const task = tasks.start(
      { kind: 'import', title: `Import into ${folder}`, writes: true, project: false },
      async (signal, onProgress) => {
        const watch = { signal, onProgress };
        const found = await openDataset(source, options, format, watch);
        const listing = structures === undefined ? found : selectStructures(found, structures);
        // An import takes the project's lock, which this server holds while the project is open.
        if (isOpen()) await workspace.close();
        const made = await createFromDataset(folder, listing, {
          purpose: 'an import',
          ...watch,
        });
        made.project.close();
        await openFor(context, folder);
        const warnings = [...made.result.warnings];
        return { folder, ...made.result, warnings } satisfies ImportTaskResult;
      },
    );
    return c.json(task, 202);
  });
}
