/** Images as raw samples, masks as raw or packed bytes, pictures as PNG. */
import type { Hono } from 'hono';
import { ImageQuery, MaskQuery, PIXEL_HEADERS, PictureQuery } from '../../contract/api.ts';
import { packMask } from '../../contract/packing.ts';
import type { ServerContext } from '../http/context.ts';
import { query } from '../http/input.ts';
import { OCTETS, Refusal, sendBytes } from '../http/respond.ts';
import { pictureVersion } from '../pictures/picture-version.ts';
import { addressedCase, addressedLabel } from './found.ts';

/** Turns a refusal into null: the model proposes nothing for a structure that it does not know. */
function unlessRefused(error: unknown): null {
  if (error instanceof Refusal) return null;
  throw error;
}

export function pixelRoutes(app: Hono, { workspace }: ServerContext): void {
  app.get('/api/cases/:id/image', async (c) => {
    const { size, v } = query(c, ImageQuery);
    const opened = workspace.require();
    const summary = addressedCase(c, opened.project);
    const raw = await opened.pixels.raw(summary, size);
    const isImported = raw.hash === summary.imageHash;
    return sendBytes(c.req.raw, {
      body: raw.bytes,
      type: OCTETS,
      etag: `${raw.hash}-${raw.width}x${raw.height}`,
      immutable: isImported && v === summary.imageHash,
      headers: {
        [PIXEL_HEADERS.width]: String(raw.width),
        [PIXEL_HEADERS.height]: String(raw.height),
        [PIXEL_HEADERS.bits]: String(raw.bits),
        [PIXEL_HEADERS.minimum]: String(raw.minimum),
        [PIXEL_HEADERS.maximum]: String(raw.maximum),
        ...(raw.windows.length > 0 && {
          [PIXEL_HEADERS.windows]: encodeURIComponent(JSON.stringify(raw.windows)),
        }),
        ...(!isImported && { [PIXEL_HEADERS.changed]: '1' }),
      },
    });
  });

  app.get('/api/cases/:id/picture', async (c) => {
    const { size, structure, proposal, v } = query(c, PictureQuery);
    const opened = workspace.require();
    const summary = addressedCase(c, opened.project);
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
    const { summary, label } = addressedLabel(c, project);
    const { id } = summary;
    const { structure } = label;
    const revisions = revision === undefined ? [] : project.revisions(id, structure);
    const wanted = revisions.find(({ number }) => number === revision);
    if (revision !== undefined && !wanted) throw new Refusal(404, 'There is no such revision.');
    const pending = drawn && revision === undefined ? project.strokes(id, structure).at(-1) : null;
    const hash = wanted ? wanted.mask : label.mask;
    const number = wanted ? wanted.number : label.revision;
    if (hash === null && !pending) throw new Refusal(404, 'This label is absent: it has no mask.');
    const mask = pending
      ? await project.drawn(id, structure)
      : await project.mask(id, structure, number);
    if (!mask) throw new Refusal(404, 'This label is absent: it has no mask.');
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
