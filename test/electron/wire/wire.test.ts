import { describe, expect, it } from 'vitest';
import { Answerer } from '../../../electron/wire/answer.ts';
import { Asker, Lost } from '../../../electron/wire/ask.ts';
import { WINDOW } from '../../../electron/wire/messages.ts';
import type { Answering, Asking } from '../../../electron/wire/messages.ts';

/**
 * Joins an asker and an answerer as by a channel: each message is copied and arrives later. `log` keeps
 * all messages.
 */
function joined(fetch: (request: Request) => Response | Promise<Response>) {
  const log: (Asking | Answering)[] = [];
  const asker: Asker = new Asker((message) => {
    const copy = structuredClone(message);
    log.push(copy);
    setImmediate(() => answerer.take(copy));
  });
  const answerer = new Answerer(fetch, (message) => {
    const copy = structuredClone(message);
    log.push(copy);
    setImmediate(() => asker.take(copy));
  });
  return { asker, log };
}

const turns = async (count = 50): Promise<void> => {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('a request to another process', () => {
  it('arrives complete, and so does its answer', async () => {
    const { asker } = joined(async (request) => {
      const body = new Uint8Array(await request.arrayBuffer());
      const headers = { 'x-method': request.method, 'x-path': new URL(request.url).pathname };
      return new Response(body.reverse(), { status: 201, headers });
    });
    const body = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
    const response = await asker.fetch(
      new Request('overread://app/api/x', {
        method: 'PUT',
        body,
        headers: { 'content-type': 'a/b' },
      }),
    );
    expect(response.status).toBe(201);
    expect(response.headers.get('x-method')).toBe('PUT');
    expect(response.headers.get('x-path')).toBe('/api/x');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(body.slice().reverse());
  });

  it('may have an answer without a body', async () => {
    const { asker } = joined(() => new Response(null, { status: 304 }));
    const response = await asker.fetch(new Request('overread://app/'));
    expect([response.status, response.body]).toEqual([304, null]);
  });

  it('streams: each part of the answer arrives before the answer ends', async () => {
    let controller!: ReadableStreamDefaultController<Uint8Array>;
    const { asker } = joined(
      () => new Response(new ReadableStream({ start: (c) => void (controller = c) })),
    );
    const response = await asker.fetch(new Request('overread://app/api/events'));
    const reader = response.body!.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    for (const text of ['one', 'two', 'three', 'four', 'five', 'six']) {
      controller.enqueue(new TextEncoder().encode(text));
      const { value } = await reader.read();
      expect(new TextDecoder().decode(value)).toBe(text);
    }
  });

  it('takes no more parts of a long answer than fit into its window', async () => {
    let made = 0;
    const { asker, log } = joined(
      () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              made += 1;
              controller.enqueue(Uint8Array.of(made));
              if (made === 100) controller.close();
            },
          }),
        ),
    );
    const response = await asker.fetch(new Request('overread://app/'));
    await turns();
    expect(log.filter(({ type }) => type === 'chunk')).toHaveLength(WINDOW);
    expect(made).toBeLessThan(WINDOW + 4);
    const all = new Uint8Array(await response.arrayBuffer());
    expect(all).toEqual(Uint8Array.from({ length: 100 }, (_, i) => i + 1));
  });

  it('tells the application when the rest of the answer is not wanted', async () => {
    let left = false;
    const { asker } = joined((request) => {
      request.signal.addEventListener('abort', () => (left = true));
      return new Response(new ReadableStream({ pull: (c) => c.enqueue(new Uint8Array(9)) }));
    });
    const response = await asker.fetch(new Request('overread://app/'));
    await response.body?.cancel();
    await turns();
    expect(left).toBe(true);
  });

  it('fails when the application does, and when its process ends', async () => {
    const failing = joined(() => Promise.reject(new Error('no')));
    await expect(failing.asker.fetch(new Request('overread://app/'))).rejects.toThrow(/broke off/);

    const { asker } = joined((request) =>
      request.url.endsWith('/slow')
        ? new Promise<Response>(() => undefined)
        : new Response(new ReadableStream({ start: (c) => c.enqueue(new Uint8Array(9)) })),
    );
    const started = await asker.fetch(new Request('overread://app/'));
    const waiting = asker.fetch(new Request('overread://app/slow'));
    await turns();
    asker.lost();
    await expect(waiting).rejects.toBeInstanceOf(Lost);
    await expect(started.arrayBuffer()).rejects.toBeInstanceOf(Lost);
  });
});
