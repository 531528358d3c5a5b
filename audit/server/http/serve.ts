/**
 * `overread serve`: the application on a loopback port behind a token, for a browser on this machine
 * or, through a forwarded port, on another one.
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
  /** The port to listen on. Default: 0, which takes a free port. */
  readonly port?: number;
  /** The host to listen on. Default: 127.0.0.1. */
  readonly host?: '127.0.0.1' | '::1' | 'localhost';
  /** Folder of the project to open. Default: the page lists recent projects. */
  readonly project?: string;
}

export interface Serving {
  readonly port: number;
  /** The server's address without the token: `http://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly token: string;
  /** The address with the token: it signs a browser in. */
  readonly url: string;
  readonly context: ServerContext;
  /**
   * Ends streams and tasks, waits briefly for answers that are still being sent, and closes the
   * project.
   */
  close(): Promise<void>;
}

/** How long `close` waits for answers that are still being sent; then it cuts their connections. */
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
 * Starts the server, which runs until `close`.
 * @throws UserError when the project cannot be opened or the port is taken
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
      // A client that has not sent its headers after 20 seconds is cut off.
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
