/**
 * Follows the server's events over `fetch`. If the connection is lost, it connects again and asks for the
 * events after the last one that it got. Pure.
 */
import { ServerEvent, eventStreamParser } from './events.ts';

export interface WatchOptions {
  readonly onEvent: (event: ServerEvent) => void;
  /** Called with true when the server answers, and with false when an attempt or a connection ends. */
  readonly onConnection?: (connected: boolean) => void;
  readonly signal: AbortSignal;
}

type Connect = (headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;

/** The connection counts as lost if the server, which sends a heartbeat every 15 s, is silent this long. */
const SILENCE_MS = 40_000;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8000;

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

/** Follows events until `signal` is aborted; never rejects. Skips events of an unknown kind. */
export async function watchEvents(connect: Connect, options: WatchOptions): Promise<void> {
  const { onEvent, onConnection, signal } = options;
  let lastId: string | null = null;
  let wait = FIRST_WAIT_MS;
  while (!signal.aborted) {
    const attempt = new AbortController();
    const abort = (): void => attempt.abort();
    signal.addEventListener('abort', abort);
    let silence = setTimeout(abort, SILENCE_MS);
    try {
      const headers: Record<string, string> = lastId === null ? {} : { 'last-event-id': lastId };
      const response = await connect(headers, attempt.signal);
      onConnection?.(true);
      wait = FIRST_WAIT_MS;
      const parser = eventStreamParser();
      const decoder = new TextDecoder();
      const reader = response.body?.getReader() as
        ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined;
      for (;;) {
        const piece = await reader?.read();
        if (!piece || piece.done) break;
        clearTimeout(silence);
        silence = setTimeout(abort, SILENCE_MS);
        for (const { data } of parser.push(decoder.decode(piece.value, { stream: true }))) {
          const event = ServerEvent.safeParse(JSON.parse(data));
          if (event.success) onEvent(event.data);
        }
        lastId = parser.lastId() ?? lastId;
      }
    } catch {
      // The server refused, cut the connection or was silent: try again in each case.
    } finally {
      clearTimeout(silence);
      signal.removeEventListener('abort', abort);
      attempt.abort();
    }
    if (signal.aborted) return;
    onConnection?.(false);
    await pause(wait, signal);
    wait = Math.min(LONGEST_WAIT_MS, wait * 2);
  }
}
