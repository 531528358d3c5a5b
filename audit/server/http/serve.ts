/**
 * `overread serve`: the application on a loopback port, behind a token, for browsers and for GPU
 * servers without a display (through a forwarded port).
 */
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { UserError } from '../../errors.ts';
import { logStart } from '../../log/log.ts';
import { createApp } from './app.ts';
import { createContext } from './context.ts';
import type { ContextOptions, ServerContext } from './context.ts';
import { guarded } from './gate.ts';
import { openFor } from '../routes/projects.ts';

export interface ServeOptions extends ContextOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Loopback only. */
  readonly host?: '127.0.0.1' | '::1' | 'localhost';
  /** Folder of the project to open; without it the page lists those opened lately. */
  readonly project?: string;
}

export interface Serving {
  readonly port: number;
  /** `http://127.0.0.1:PORT`, which asks for the token. */
  readonly origin: string;
  readonly token: string;
  /** The address to print and open: it signs the browser in. */
  readonly url: string;
  readonly context: ServerContext;
  /** Ends streams and tasks, lets answers under way finish, and releases the project. */
  close(): Promise<void>;
}

/** How long answers under way may take when it closes. */
const FAREWELL_MS = 2000;
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('listening', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new UserError(`The port ${port} is in use: choose another with --port.`)
          : error.code === 'EACCES'
            ? new UserError(
                `The port ${port} may not be used: choose one from 1024 on with --port.`,
              )
            : error,
      );
    });
  });
}

/**
 * Serves until `close`.
 * @throws UserError when the project cannot be opened or the port is taken.
 */
export async function serveProject(options: ServeOptions = {}): Promise<Serving> {
  const { port = 0, host = '127.0.0.1' } = options;
  if (!LOOPBACK.has(host)) {
    throw new UserError(
      `Overread listens on this machine only: use 127.0.0.1, not ${String(host)}.`,
    );
  }
  const context = createContext({ purpose: 'overread serve', ...options });
  logStart(context.log);
  const token = randomBytes(32).toString('base64url');
  let server: Server;
  let taken: number;
  try {
    if (options.project !== undefined) await openFor(context, options.project);
    server = serve({
      fetch: guarded(createApp(context).fetch, token),
      port,
      hostname: host,
      // Nobody needs minutes to send headers.
      serverOptions: { headersTimeout: 20_000 },
    }) as Server;
    taken = await listening(server, port);
  } catch (error) {
    await context.close();
    throw error;
  }
  const origin = `http://${host === '::1' ? '[::1]' : host}:${taken}`;
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await context.close();
    server.closeIdleConnections();
    const last = setTimeout(() => server.closeAllConnections(), FAREWELL_MS);
    await closed;
    clearTimeout(last);
    context.log.info({}, 'end');
  };
  return {
    port: taken,
    origin,
    token,
    url: `${origin}/?token=${token}`,
    context,
    close: () => (closing ??= close()),
  };
}
