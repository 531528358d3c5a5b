import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeInThread } from '../../../audit/codecs/thread.ts';
import { decodeJpeg } from '../../../audit/codecs/jpeg.ts';
import { losslessFrame } from '../../../audit/codecs/jpeg-lossless.ts';
import { FIXTURES } from './expected.ts';

const decode = (bytes: Buffer) => decodeInThread('jpeg-ls', bytes, losslessFrame(bytes));

async function jpegLs(): Promise<Buffer> {
  const file = await readFile(join(FIXTURES, 'dicom', 'jpeg-ls-near.dcm'));
  return Buffer.from(file.subarray(file.indexOf(Buffer.of(0xff, 0xd8))));
}

describe('the thread that decodes pictures', () => {
  it('gets a copy of the bytes, so that the caller can still read them', async () => {
    const bytes = await jpegLs();
    const before = Buffer.from(bytes);
    const [first, second] = await Promise.all([decode(bytes), decode(bytes)]);
    expect(bytes).toEqual(before);
    expect(second).toEqual(first);
  });

  it('is ended if a file takes longer than 3 s, and the next picture starts a new one', async () => {
    const whole = await jpegLs();
    const broken = Buffer.from(whole).fill(0x80, 200);
    const startedAt = performance.now();
    const [first, second] = await Promise.allSettled([decode(broken), decode(whole)]);
    expect(first).toMatchObject({
      status: 'rejected',
      reason: {
        message:
          'was not decoded within 3 s, so it is probably broken: copy it again, or save it uncompressed.',
      },
    });
    expect(second).toMatchObject({ status: 'fulfilled', value: { components: 1 } });
    expect(performance.now() - startedAt).toBeGreaterThan(2900);
  });

  it('refuses a file that needs too much memory', async () => {
    // The header is made to claim 121 megapixels. Decoding them would take 9 bytes per pixel: 3 for the
    // three planes, and 6 for their coefficients, which a progressive JPEG needs.
    const given = await readFile(join(FIXTURES, 'jpeg', 'sampling-444-progressive.jpg'));
    const claims = Buffer.concat([
      given.subarray(0, -2),
      Buffer.alloc(300_000),
      given.subarray(-2),
    ]);
    const frame = claims.indexOf(Buffer.of(0xff, 0xc2));
    claims.writeUInt16BE(11_000, frame + 5);
    claims.writeUInt16BE(11_000, frame + 7);
    await expect(decodeJpeg(claims)).rejects.toThrow(
      /^needs more than 1 GB of memory to be decoded: scale it down\.$/,
    );
    expect(await decodeJpeg(given)).toMatchObject({ width: 45, height: 27 });
  });
});
