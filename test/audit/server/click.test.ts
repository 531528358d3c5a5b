/** Clicks segment with a network of the SAM family that the person brings, through the server. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../../audit/contract/client.ts';
import type { Client } from '../../../audit/contract/client.ts';
import { tinyDecoder, tinyEncoder, writeTinySam } from '../../models/tiny-sam.ts';
import { HEIGHT, WIDTH, openFixture } from './project.ts';
import type { Fixture } from './project.ts';

let server: Fixture;
let client: Client;
beforeEach(async () => {
  server = await openFixture(2);
  client = createClient(
    async (address, init) => server.app.fetch(new Request(address, init)),
    'http://overread.test',
  );
});
afterEach(() => server.close());

const inside = (x: number, y: number) => ({ points: [{ x, y, inside: true }] });
const folder = (name: string) => join(server.root, name);

describe('a click', () => {
  it('gives a mask around it, within what is bright, and saves nothing', async () => {
    const clickModel = await writeTinySam(folder('sam'));
    expect(await client.changeSettings({ clickModel })).toMatchObject({ clickModel });
    await client.prepareClick('case 1');
    const before = (await client.case('case 1')).case;
    const masks = [await client.click('case 1', inside(10, 10))];
    masks.push(await client.click('case 1', inside(40, 30)));
    masks.push(await client.click('case 1', { box: [5, 5, 20, 18], points: [] }));
    for (const mask of masks) {
      expect(mask).toHaveLength(WIDTH * HEIGHT);
      expect(mask.includes(1)).toBe(true);
    }
    const centre = (mask: Uint8Array) => {
      const on = [...mask.keys()].filter((i) => mask[i] === 1);
      return on.reduce((sum, i) => sum + (i % WIDTH), 0) / on.length;
    };
    expect(centre(masks[0])).toBeLessThan(centre(masks[1]));
    // The longer side, 48 pixels, has 64 in the network: the disc is smaller in the image.
    expect(masks[0].filter((value, i) => value === 1 && i % WIDTH > 22).length).toBe(0);
    expect((await client.case('case 1')).case).toEqual(before);
  });

  it('is refused before a folder is chosen, and without a point', async () => {
    await expect(client.click('case 1', inside(1, 1))).rejects.toThrow(
      /Choose the folder of a SAM in the settings first/,
    );
    await client.changeSettings({ clickModel: await writeTinySam(folder('sam')) });
    await expect(client.click('case 1', {})).rejects.toMatchObject({ status: 400 });
    await expect(client.click('none', inside(1, 1))).rejects.toMatchObject({ status: 404 });
  });
});

describe('a folder without a SAM', () => {
  const refused = async (
    name: string,
    files: Readonly<Record<string, Uint8Array | string>>,
  ): Promise<string> => {
    await mkdir(folder(name), { recursive: true });
    for (const [file, bytes] of Object.entries(files))
      await writeFile(join(folder(name), file), bytes);
    const error = await client
      .changeSettings({ clickModel: folder(name) })
      .then(() => new Error('it was taken'))
      .catch((thrown: unknown) => thrown as Error);
    expect((await client.settings()).clickModel).toBeNull();
    return error.message.replaceAll(server.root, '');
  };

  it('is refused in one sentence that says what it lacks', async () => {
    expect(await refused('empty', {})).toMatch(/^\/empty has no \.onnx file: /);
    expect(await refused('text', { 'a.onnx': 'no network' })).toMatch(
      /a\.onnx is no ONNX network that can be run/,
    );
    expect(await refused('half', { 'e.onnx': tinyEncoder() })).toMatch(
      /^\/half has no decoder of a SAM \(its inputs are image_embeddings, point_coords, point_labels\)/,
    );
    expect(await refused('other', { 'd.onnx': tinyDecoder() })).toMatch(/^\/other has no encoder/);
    const odd = { 'e.onnx': tinyEncoder(), 'd.onnx': tinyDecoder(['text']) };
    expect(await refused('odd', odd)).toMatch(/d\.onnx needs “text”, which a SAM does not/);
    await expect(client.changeSettings({ clickModel: folder('nowhere') })).rejects.toThrow(
      /nowhere cannot be read: choose a folder/,
    );
  });
});
