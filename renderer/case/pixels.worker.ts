/** Loads pixels and makes them ready, off the interface's thread. See `pixels.ts`. */
import { ApiFailure, createClient } from '../../audit/contract/client.ts';
import { pixelLoader } from './pixels.ts';
import type { PixelsReady, PixelsWanted } from './pixels.ts';

export type ToWorker =
  | { readonly type: 'load'; readonly id: number; readonly wanted: PixelsWanted }
  | { readonly type: 'abort'; readonly id: number };

export type FromWorker =
  | { readonly type: 'ready'; readonly id: number; readonly ready: PixelsReady }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly name: string;
      readonly message: string;
      /** Status and code if the server refused the request; null for other errors. */
      readonly refused: Pick<ApiFailure, 'status' | 'code'> | null;
    };

const load = pixelLoader(createClient((address, init) => fetch(address, init)));
const running = new Map<number, AbortController>();

function send(message: FromWorker, buffers: Transferable[] = []): void {
  self.postMessage(message, { transfer: buffers });
}

function buffersOf({ image, masks }: PixelsReady): ArrayBufferLike[] {
  const arrays = masks.flatMap(({ mask, levels }) => (mask ? [mask, ...levels] : []));
  const samples = image ? [image.pixels.samples, ...image.levels] : [];
  return [...arrays, ...samples].map(({ buffer }) => buffer);
}

self.addEventListener('message', (event: MessageEvent<ToWorker>) => {
  const { data } = event;
  if (data.type === 'abort') return running.get(data.id)?.abort();
  const { id, wanted } = data;
  const abort = new AbortController();
  running.set(id, abort);
  load(wanted, abort.signal)
    .then((ready) => send({ type: 'ready', id, ready }, buffersOf(ready) as ArrayBuffer[]))
    .catch((error: unknown) => {
      const { name, message } = error as Error;
      const refused = error instanceof ApiFailure && { status: error.status, code: error.code };
      send({ type: 'failed', id, name, message, refused: refused || null });
    })
    .finally(() => running.delete(id));
});
