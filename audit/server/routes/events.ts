/** Sends the bus's events as server-sent events, from the one after the last that the client got. */
import type { Hono } from 'hono';
import type { NumberedEvent } from '../tasks/bus.ts';
import type { ServerContext } from '../http/context.ts';

const HEARTBEAT_MS = 15_000;
/** If more messages wait for a slow client, its stream ends, and the client reconnects. */
const WAITING = 2000;

function message(id: string, data: unknown): string {
  return `id: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The stream of one client. It ends when the client leaves or is too slow, or the server closes. */
function eventStream(context: Pick<ServerContext, 'bus' | 'closing'>, request: Request): Response {
  const { bus, closing } = context;
  const encoder = new TextEncoder();
  let cleanUp = (): void => undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let ended = false;
        const send = (text: string): void => {
          if (ended) return;
          controller.enqueue(encoder.encode(text));
          if ((controller.desiredSize ?? 0) < -WAITING) end();
        };
        const onEvent = ({ id, event }: NumberedEvent): void => send(message(id, event));
        const stop = bus.listen(onEvent);
        const heartbeat = setInterval(() => send(': heartbeat\n\n'), HEARTBEAT_MS);
        cleanUp = () => {
          ended = true;
          stop();
          clearInterval(heartbeat);
          closing.removeEventListener('abort', end);
          request.signal.removeEventListener('abort', end);
        };
        const end = (): void => {
          if (ended) return;
          cleanUp();
          controller.close();
        };
        closing.addEventListener('abort', end);
        request.signal.addEventListener('abort', end);
        const lastId = request.headers.get('last-event-id');
        const missed = lastId === null ? [] : bus.since(lastId);
        // Sends an id without an event, so that the client can resume from here if the connection breaks.
        if (lastId === null) send(`retry: 1000\nid: ${bus.position}\n\n`);
        else if (missed === null) send(message(bus.position, { type: 'reset' }));
        else missed.forEach(onEvent);
        if (closing.aborted || request.signal.aborted) end();
      },
      cancel: () => cleanUp(),
    },
    new CountQueuingStrategy({ highWaterMark: 16 }),
  );
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    },
  });
}

export function eventRoutes(app: Hono, context: ServerContext): void {
  app.get('/api/events', (c) => eventStream(context, c.req.raw));
}
