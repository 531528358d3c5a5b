/**
 * The application as `(Request) => Response`. The desktop serves it through its own protocol,
 * `overread serve` on a loopback port behind the gate (`serve.ts`).
 */
import { Hono } from 'hono';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { matchedRoutes } from 'hono/route';
import type { ApiError } from '../../contract/api.ts';
import type { ServerContext } from './context.ts';
import { refusalPage } from '../pages/plain.ts';
import { isJson } from './input.ts';
import { Refusal, apiError, isSentence } from './respond.ts';
import { benchmarkRoutes } from '../routes/benchmark.ts';
import { caseRoutes } from '../routes/cases.ts';
import { clickRoutes } from '../routes/click.ts';
import { demoRoutes } from '../routes/demo.ts';
import { eventRoutes } from '../routes/events.ts';
import { exportRoutes } from '../routes/exports.ts';
import { folderRoutes } from '../routes/folders.ts';
import { importRoutes } from '../routes/imports.ts';
import { labelRoutes } from '../routes/labels.ts';
import { machineRoutes } from '../routes/machine.ts';
import { modelRoutes } from '../routes/models.ts';
import { interfaceRoutes } from '../routes/interface.ts';
import { packRoutes } from '../routes/packs.ts';
import { pixelRoutes } from '../routes/pixels.ts';
import { projectRoutes } from '../routes/projects.ts';
import { rankingRoutes } from '../routes/ranking.ts';
import { runRoutes } from '../routes/runs.ts';
import { settingsRoutes } from '../routes/settings.ts';
import { structureRoutes } from '../routes/structures.ts';
import { taskRoutes } from '../routes/tasks.ts';
import { trainingRoutes } from '../routes/training.ts';

export type App = { fetch: (request: Request) => Response | Promise<Response> };

/**
 * The largest request body that is not JSON, in bytes. A mask of the largest readable image fits in it, one byte a pixel.
 */
const LARGEST_BODY = 256 * 1024 * 1024;

function wantsPage(request: Request): boolean {
  const { pathname } = new URL(request.url);
  return !pathname.startsWith('/api/');
}

function answer(request: Request, status: number, said: ApiError): Response | Promise<Response> {
  if (wantsPage(request)) return refusalPage(status, said.error);
  return Response.json(said, { status });
}

const EVERY = '/*';

/** The requested route's pattern. The log gets the pattern, because the address may name a case. */
function patternOf(c: Context): string {
  return matchedRoutes(c).find(({ path }) => path !== EVERY)?.path ?? EVERY;
}

export function createApp(context: ServerContext): App {
  const app = new Hono();

  app.use(async (c, next) => {
    await next();
    const headers = c.res.headers;
    headers.set('x-content-type-options', 'nosniff');
    headers.set('cross-origin-resource-policy', 'same-origin');
    if (!headers.has('referrer-policy')) headers.set('referrer-policy', 'same-origin');
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
    if (!headers.has('content-security-policy')) {
      headers.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    }
  });
  const limit = bodyLimit({
    maxSize: LARGEST_BODY,
    onError: (c) =>
      answer(c.req.raw, 413, {
        error: `The request is larger than ${LARGEST_BODY / 2 ** 20} MB, the most that the server takes.`,
        code: 'usage',
      }),
  });
  // `body` reads JSON, within the bound of each route.
  app.use((c, next) => (isJson(c.req.raw) ? next() : limit(c, next)));

  projectRoutes(app, context);
  structureRoutes(app, context);
  taskRoutes(app, context);
  folderRoutes(app);
  benchmarkRoutes(app);
  importRoutes(app, context);
  demoRoutes(app, context);
  caseRoutes(app, context);
  pixelRoutes(app, context);
  modelRoutes(app, context);
  clickRoutes(app, context);
  labelRoutes(app, context);
  rankingRoutes(app, context);
  runRoutes(app, context);
  trainingRoutes(app, context);
  exportRoutes(app, context);
  packRoutes(app, context);
  settingsRoutes(app, context);
  machineRoutes(app, context);
  eventRoutes(app, context);
  interfaceRoutes(app);

  app.notFound((c) =>
    answer(c.req.raw, 404, { error: 'There is nothing at this address.', code: 'not-found' }),
  );
  app.onError((error, c) => {
    const status = error instanceof Refusal ? error.status : isSentence(error) ? 400 : 500;
    const facts = { err: error, method: c.req.method, route: patternOf(c), status };
    if (status === 500) context.log.error(facts, 'request failed');
    else context.log.info(facts, 'request refused');
    return answer(c.req.raw, status, apiError(error, context.unforeseen));
  });
  return { fetch: (request) => app.fetch(request) };
}
