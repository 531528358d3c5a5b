import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode, encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpackMask } from '../../../audit/contract/packing.ts';
import { HEIGHT, WIDTH, maskOf, openFixture, samplesOf } from './project.ts';
import type { Fixture } from './project.ts';

let server: Fixture;
beforeAll(async () => {
  server = await openFixture(4);
});
afterAll(() => server.close());

const bytes = async (response: Response): Promise<Uint8Array> =>
  new Uint8Array(await response.arrayBuffer());
const IMAGE = '/api/cases/case%201/image';
const MASK = '/api/cases/case%202/labels/heart/mask';

function imageHash(id: string): string {
  return server.context.workspace.require().project.case(id)?.imageHash ?? '';
}

describe('an image', () => {
  it('is sent as little-endian samples, with its size, bits and maximum in the headers', async () => {
    const response = await server.ask(IMAGE);
    expect(response.status).toBe(200);
    expect(response.headers.get('overread-width')).toBe(String(WIDTH));
    expect(response.headers.get('overread-height')).toBe(String(HEIGHT));
    expect(response.headers.get('overread-bits')).toBe('16');
    expect(response.headers.get('overread-maximum')).toBe(String(Math.max(...samplesOf(0))));
    const view = new DataView(await response.arrayBuffer());
    expect(view.byteLength).toBe(WIDTH * HEIGHT * 2);
    samplesOf(0).forEach((sample, i) => expect(view.getUint16(i * 2, true)).toBe(sample));
  });

  it('is sent in part if a range is asked for', async () => {
    const whole = await bytes(await server.ask(IMAGE));
    const part = await server.ask(IMAGE, 'GET', undefined, { range: 'bytes=100-299' });
    expect(part.status).toBe(206);
    expect(await bytes(part)).toEqual(whole.slice(100, 300));
    const outside = await server.ask(IMAGE, 'GET', undefined, { range: 'bytes=9999999-' });
    expect(outside.status).toBe(416);
    expect(await outside.json()).toHaveProperty('error');
  });

  it('is cached for good only if the address names its hash', async () => {
    const named = await server.ask(`${IMAGE}?v=${imageHash('case 1')}`);
    expect(named.headers.get('cache-control')).toContain('immutable');
    const unnamed = await server.ask(IMAGE);
    expect(unnamed.headers.get('cache-control')).toBe('private, no-cache');
    const etag = unnamed.headers.get('etag') ?? '';
    const again = await server.ask(IMAGE, 'GET', undefined, { 'if-none-match': etag });
    expect(again.status).toBe(304);
    const smaller = await server.ask(`${IMAGE}?size=24`);
    expect(smaller.headers.get('etag')).not.toBe(etag);
  });

  it('is made smaller by area averages, in the same aspect ratio', async () => {
    const response = await server.ask(`${IMAGE}?size=24`);
    expect(response.headers.get('overread-width')).toBe('24');
    expect(response.headers.get('overread-height')).toBe('20');
    expect(response.headers.get('overread-bits')).toBe('16');
    const samples = samplesOf(0);
    const mean = (samples[0] + samples[1] + samples[WIDTH] + samples[WIDTH + 1]) / 4;
    const first = new DataView(await response.arrayBuffer()).getUint16(0, true);
    expect(first).toBe(Math.floor(mean + 0.5));
  });

  it('is marked if its file has changed, and refused if the file has another size', async () => {
    const file = server.context.workspace.require().project.imageFile('case 4');
    const other = (width: number): Uint8Array =>
      encode({
        width,
        height: HEIGHT,
        data: new Uint16Array(width * HEIGHT),
        channels: 1,
        depth: 16,
      });
    await writeFile(file, other(WIDTH + 1));
    const refused = await server.ask('/api/cases/case%204/image');
    expect(refused.status).toBe(409);
    expect(((await refused.json()) as { error: string }).error).toContain('48 × 40');
    await writeFile(file, other(WIDTH));
    const changed = await server.ask(`/api/cases/case%204/image?v=${imageHash('case 4')}`);
    expect(changed.headers.get('overread-changed')).toBe('1');
    expect(changed.headers.get('cache-control')).not.toContain('immutable');
  });
});

describe('a mask', () => {
  it('is sent as bytes, as bits or as runs', async () => {
    const { data } = maskOf(1, 1);
    expect(await bytes(await server.ask(MASK))).toEqual(data);
    for (const packing of ['bits', 'runs'] as const) {
      const packed = await bytes(await server.ask(`${MASK}?packing=${packing}`));
      expect(unpackMask(packed, data.length, packing)).toEqual(data);
      expect(packed.length).toBeLessThan(data.length / 4);
    }
  });

  it('has its hash as its ETag', async () => {
    const response = await server.ask(MASK);
    const etag = response.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    const again = await server.ask(MASK, 'GET', undefined, { 'if-none-match': etag });
    expect(again.status).toBe(304);
    const named = await server.ask(`${MASK}?v=${etag.replaceAll('"', '')}`);
    expect(named.headers.get('cache-control')).toContain('immutable');
    const part = await server.ask(MASK, 'GET', undefined, { range: 'bytes=-10' });
    expect(await bytes(part)).toEqual(maskOf(1, 1).data.slice(-10));
  });

  it('is 404 if the label is absent', async () => {
    expect((await server.ask('/api/cases/case%204/labels/heart/mask')).status).toBe(404);
    expect((await server.ask('/api/cases/case%201/labels/spleen/mask')).status).toBe(404);
    expect((await server.ask(`${MASK}?revision=7`)).status).toBe(404);
  });
});

describe('a picture of a case', () => {
  it('shows the outlines in their colours, and is stored in the cache', async () => {
    const response = await server.ask('/api/cases/case%201/picture?size=48');
    expect(response.headers.get('content-type')).toBe('image/png');
    const png = decode(await bytes(response));
    expect([png.width, png.height]).toEqual([WIDTH, HEIGHT]);
    // The pixel at the upper left corner of the lung has nearly the colour of its outline, #5db2ff.
    const at = (5 * WIDTH + 6) * 3;
    expect(png.data[at + 2]).toBeGreaterThan(png.data[at]);
    expect(png.data[at + 2]).toBeGreaterThan(235);
    const kept = await readdir(join(server.folder, 'cache', 'pictures'), { recursive: true });
    expect(kept.filter((name) => name.endsWith('.png'))).not.toHaveLength(0);
  });

  it('has another ETag after a label has changed', async () => {
    const before = await server.ask('/api/cases/case%203/picture?size=48');
    const path = '/api/cases/case%203/labels/lung/revisions';
    await server.ask(path, 'POST', new Uint8Array(WIDTH * HEIGHT));
    const after = await server.ask('/api/cases/case%203/picture?size=48');
    expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
    expect(await bytes(after)).not.toEqual(await bytes(before));
  });
});
