/** The person's settings. */
import type { Hono } from 'hono';
import { SettingsChange } from '../../contract/api.ts';
import type { ServerContext } from '../http/context.ts';
import { body } from '../http/input.ts';

export function settingsRoutes(app: Hono, { home, bus, click }: ServerContext): void {
  app.get('/api/settings', async (c) => c.json(await home.settings()));
  app.patch('/api/settings', async (c) => {
    const change = await body(c, SettingsChange);
    if (typeof change.clickModel === 'string') await click.check(change.clickModel);
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const settings = await home.changeSettings(Object.fromEntries(given));
    bus.publish({ type: 'changed', what: 'settings', cases: null });
    return c.json(settings);
  });
}
