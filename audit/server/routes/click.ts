/** Segments by clicks, with the network of the SAM family that the settings name. */
import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { ClickPrompts, ClickQuery, PIXEL_HEADERS } from '../../contract/api.ts';
import { packMask } from '../../contract/packing.ts';
import type { ServerContext } from '../http/context.ts';
import { body, query } from '../http/input.ts';
import { OCTETS, Refusal, sendBytes } from '../http/respond.ts';
import { addressedCase } from './found.ts';

export function clickRoutes(app: Hono, { workspace, home, click }: ServerContext): void {
  const folder = async (): Promise<string> => {
    const { clickModel } = await home.settings();
    if (clickModel !== null) return clickModel;
    throw new Refusal(
      409,
      'Choose the folder of a SAM in the settings first: its encoder and decoder.',
    );
  };

  /** Runs the encoder ahead of the first click. */
  app.post('/api/cases/:id/click/prepare', async (c) => {
    const { project, pixels } = workspace.require();
    await click.prepare(await folder(), addressedCase(c, project), pixels);
    return c.json({});
  });

  /** The mask of what was pointed at, at the image's size. Nothing is saved. */
  app.post('/api/cases/:id/click', async (c) => {
    const { packing } = query(c, ClickQuery);
    const prompts = await body(c, ClickPrompts);
    const { project, pixels } = workspace.require();
    const summary = addressedCase(c, project);
    const mask = await click.segment(await folder(), summary, pixels, prompts);
    return sendBytes(c.req.raw, {
      body: packMask(mask, packing),
      type: OCTETS,
      etag: randomUUID(),
      immutable: false,
      headers: {
        [PIXEL_HEADERS.width]: String(summary.width),
        [PIXEL_HEADERS.height]: String(summary.height),
      },
    });
  });
}
