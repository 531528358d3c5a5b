/** Pixels: images as raw samples, masks as raw or packed bytes, pictures as PNG. */
import type { Hono } from 'hono';
import { ImageQuery, MaskQuery, PIXEL_HEADERS, PictureQuery } from '../../contract/api.ts';
import { packMask } from '../../contract/packing.ts';
import { CaseId, StructureName } from '../../contract/terms.ts';
import type { CaseSummary } from '../../contract/terms.ts';
import type { ServerContext } from '../http/context.ts';
import { param, query } from '../http/input.ts';
import { Refusal, sendBytes } from '../http/respond.ts';
import { pictureVersion } from '../pictures/picture-version.ts';
import type { Opened } from '../project/workspace.ts';

const OCTETS = 'application/octet-stream';

export function findCase(opened: Opened, id: string): CaseSummary {
  const summary = opened.project.case(id);
  if (!summary) throw new Refusal(404, 'The project has no such case.');
  return summary;
}

/** A structure that the model does not know has no proposal. */
function unlessRefused(error: unknown): null {
  if (error instanceof Refusal) return null;
  throw error;
}

export function pixelRoutes(app: Hono, { workspace }: ServerContext): void {
  app.get('/api/cases/:id/image', async (c) => {
    const { size, v } = query(c, ImageQuery);
    const opened = workspace.require();
    const summary = findCase(opened, param(c, 'id', CaseId));
    const raw = await opened.pixels.raw(summary, size);
    const same = raw.hash === summary.imageHash;
    return sendBytes(c.req.raw, {
      body: raw.bytes,
      type: OCTETS,
      etag: `${raw.hash}-${raw.width}x${raw.height}`,
      immutable: same && v === summary.imageHash,
      headers: {
        [PIXEL_HEADERS.width]: String(raw.width),
        [PIXEL_HEADERS.height]: String(raw.height),
        [PIXEL_HEADERS.bits]: String(raw.bits),
        [PIXEL_HEADERS.minimum]: String(raw.minimum),
        [PIXEL_HEADERS.maximum]: String(raw.maximum),
        ...(raw.windows.length > 0 && {
          [PIXEL_HEADERS.windows]: encodeURIComponent(JSON.stringify(raw.windows)),
        }),
        ...(!same && { [PIXEL_HEADERS.changed]: '1' }),
      },
    });
  });

  app.get('/api/cases/:id/picture', async (c) => {
    const { size, structure, proposal, v } = query(c, PictureQuery);
    const opened = workspace.require();
    const summary = findCase(opened, param(c, 'id', CaseId));
    const version = pictureVersion(summary, opened.project.structures);
    const model = proposal ? opened.rankings.model() : null;
    const file = await opened.models.file(model, summary.id, 'segmenter');
    const propose =
      file === null
        ? undefined
        : (name: string) => opened.models.proposal(model, summary, name).catch(unlessRefused);
    const etag = [version, size, encodeURIComponent(structure ?? ''), file === null ? '' : model];
    return sendBytes(c.req.raw, {
      body: await opened.pixels.picture(summary, size, structure, propose),
      type: 'image/png',
      etag: etag.join('-'),
      // The proposal changes with the run, which the address does not name.
      immutable: v === version && !proposal,
    });
  });

  app.get('/api/cases/:id/labels/:structure/mask', async (c) => {
    const { revision, packing, drawn, v } = query(c, MaskQuery);
    const { project } = workspace.require();
    const id = param(c, 'id', CaseId);
    const structure = param(c, 'structure', StructureName);
    const label = project.case(id)?.labels.find((item) => item.structure === structure);
    if (!label) throw new Refusal(404, 'The project has no such label.');
    const revisions = revision === undefined ? [] : project.revisions(id, structure);
    const wanted = revisions.find(({ number }) => number === revision);
    if (revision !== undefined && !wanted) throw new Refusal(404, 'There is no such revision.');
    const pending = drawn && revision === undefined ? project.strokes(id, structure).at(-1) : null;
    const hash = wanted ? wanted.mask : label.mask;
    const number = wanted ? wanted.number : label.revision;
    if (hash === null && !pending) throw new Refusal(404, 'Nobody drew this label.');
    const mask = pending
      ? await project.drawn(id, structure)
      : await project.mask(id, structure, number);
    if (!mask) throw new Refusal(404, 'Nobody drew this label.');
    const etag = [hash ?? 'absent', ...(pending ? [`stroke${pending.id}`] : []), packing];
    return sendBytes(c.req.raw, {
      body: packMask(mask.data, packing),
      type: OCTETS,
      etag: pending || packing !== 'raw' ? etag.join('-') : String(hash),
      immutable: !pending && v === hash,
      headers: {
        [PIXEL_HEADERS.width]: String(mask.width),
        [PIXEL_HEADERS.height]: String(mask.height),
        [PIXEL_HEADERS.revision]: String(number),
      },
    });
  });
}
