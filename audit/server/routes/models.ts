/** The output of a run's networks for a case: the proposal and the quality map. */
import type { Hono } from 'hono';
import { PIXEL_HEADERS, ProposalQuery, QualityQuery } from '../../contract/api.ts';
import { packMask } from '../../contract/packing.ts';
import { StructureName } from '../../contract/terms.ts';
import type { ServerContext } from '../http/context.ts';
import { param, query } from '../http/input.ts';
import { OCTETS, sendBytes } from '../http/respond.ts';
import { pictureVersion } from '../pictures/picture-version.ts';
import { addressedCase } from './found.ts';

export function modelRoutes(app: Hono, { workspace }: ServerContext): void {
  /** The proposal as a mask at the image's size. */
  app.get('/api/cases/:id/labels/:structure/proposal', async (c) => {
    const { run, packing } = query(c, ProposalQuery);
    const opened = workspace.require();
    const summary = addressedCase(c, opened.project);
    const structure = param(c, 'structure', StructureName);
    const model = opened.rankings.model(run);
    const mask = await opened.models.proposal(model, summary, structure);
    const name = [summary.imageHash, model, encodeURIComponent(structure), packing];
    return sendBytes(c.req.raw, {
      body: packMask(mask.data, packing),
      type: OCTETS,
      etag: name.join('-'),
      immutable: false,
      headers: {
        [PIXEL_HEADERS.width]: String(mask.width),
        [PIXEL_HEADERS.height]: String(mask.height),
        [PIXEL_HEADERS.model]: String(model),
      },
    });
  });

  /** The quality map: the QAM's output before its pooling, as float32, little-endian, row-major. */
  app.get('/api/cases/:id/quality', async (c) => {
    const { run } = query(c, QualityQuery);
    const opened = workspace.require();
    const summary = addressedCase(c, opened.project);
    const model = opened.rankings.model(run);
    const map = await opened.models.quality(model, summary);
    const bytes = new Uint8Array(map.values.length * 4);
    const view = new DataView(bytes.buffer);
    map.values.forEach((value, i) => view.setFloat32(i * 4, value, true));
    return sendBytes(c.req.raw, {
      body: bytes,
      type: OCTETS,
      etag: `${pictureVersion(summary, opened.project.structures)}-${model}`,
      immutable: false,
      headers: {
        [PIXEL_HEADERS.width]: String(map.width),
        [PIXEL_HEADERS.height]: String(map.height),
        [PIXEL_HEADERS.score]: String(map.score),
        [PIXEL_HEADERS.model]: String(model),
      },
    });
  });
}
