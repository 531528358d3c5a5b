import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesNone, parseRange } from '../../../audit/server/http/ranges.ts';
import { sendBytes } from '../../../audit/server/http/respond.ts';

const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i % 251);

async function ask(
  length: number,
  headers: Record<string, string>,
  method = 'GET',
): Promise<{ response: Response; body: Uint8Array }> {
  const request = new Request('http://overread.test/', { method, headers });
  const response = sendBytes(request, {
    body: bytesOf(length),
    type: 'application/octet-stream',
    etag: 'abc',
    immutable: false,
  });
  return { response, body: new Uint8Array(await response.arrayBuffer()) };
}

describe('ranges of bytes in a request', () => {
  it('from first to last are slice(first, last + 1), or status 416 past the end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(300), fc.nat(350), fc.nat(350), async (length, first, more) => {
        const last = first + more;
        const { response, body } = await ask(length, { range: `bytes=${first}-${last}` });
        if (first >= length) {
          expect(response.status).toBe(416);
          expect(response.headers.get('content-range')).toBe(`bytes */${length}`);
          return;
        }
        expect(response.status).toBe(206);
        expect(body).toEqual(bytesOf(length).slice(first, last + 1));
        const end = Math.min(last, length - 1);
        expect(response.headers.get('content-range')).toBe(`bytes ${first}-${end}/${length}`);
        expect(response.headers.get('content-length')).toBe(String(body.length));
      }),
    );
  });

  it('open at the end or counted from the end are slice(first) and slice(−n)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), fc.nat(400), async (length, n) => {
        const open = await ask(length, { range: `bytes=${n}-` });
        if (n < length) expect(open.body).toEqual(bytesOf(length).slice(n));
        else expect(open.response.status).toBe(416);
        const suffix = await ask(length, { range: `bytes=-${n}` });
        if (n === 0) expect(suffix.response.status).toBe(416);
        else expect(suffix.body).toEqual(bytesOf(length).slice(-n));
      }),
    );
  });

  it('are ignored if they are malformed, several, or of another unit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.constantFrom(
            'bytes=5-2',
            'bytes=1-2,4-5',
            'items=0-1',
            'bytes=-',
            'bytes',
            'bytes=a-b',
          ),
          fc.stringMatching(/^[a-z=,-]{0,12}$/),
        ),
        async (range) => {
          const { response, body } = await ask(50, { range });
          expect(response.status).toBe(200);
          expect(body).toHaveLength(50);
        },
      ),
    );
  });

  it('are never parsed to a start below 0, an end past the length, or nothing', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(1000), (header, length) => {
        const range = parseRange(`bytes=${header}`, length);
        if (range === null || range === 'unsatisfiable') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeLessThanOrEqual(length);
        expect(range.end).toBeGreaterThan(range.start);
      }),
    );
  });

  it('are used for GET only, and only if If-Range names the present ETag', async () => {
    const range = { range: 'bytes=0-3' };
    expect((await ask(50, range, 'HEAD')).response.status).toBe(200);
    expect((await ask(50, { ...range, 'if-range': '"abc"' })).response.status).toBe(206);
    expect((await ask(50, { ...range, 'if-range': '"other"' })).response.status).toBe(200);
    expect((await ask(50, { ...range, 'if-range': 'W/"abc"' })).response.status).toBe(200);
  });
});

describe('validators in a request', () => {
  it('lead to status 304 if the client already has the bytes', async () => {
    for (const header of ['"abc"', 'W/"abc"', '"x", "abc"', '*']) {
      const { response, body } = await ask(50, { 'if-none-match': header, range: 'bytes=0-1' });
      expect(response.status, header).toBe(304);
      expect(body).toHaveLength(0);
      expect(response.headers.get('etag')).toBe('"abc"');
    }
    expect((await ask(50, { 'if-none-match': '"abd"' })).response.status).toBe(200);
    expect(matchesNone('', '"abc"')).toBe(false);
  });
});
