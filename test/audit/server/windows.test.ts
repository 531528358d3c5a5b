import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../../audit/contract/client.ts';
import { encodePng } from '../../../audit/codecs/png.ts';
import { createFromDataset } from '../../../audit/datasets/import/create.ts';
import { openDataset } from '../../../audit/datasets/registry.ts';
import { createApp } from '../../../audit/server/http/app.ts';
import { createContext } from '../../../audit/server/http/context.ts';
import type { ServerContext } from '../../../audit/server/http/context.ts';
import { Home } from '../../../audit/server/home/home.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/dicom', import.meta.url));

let root: string;
let context: ServerContext;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'overread-windows-'));
  const data = join(root, 'data');
  await mkdir(join(data, 'lung'), { recursive: true });
  const plane = {
    width: 23,
    height: 17,
    bits: 8 as const,
    data: new Uint8Array(23 * 17).fill(255, 40, 90),
  };
  const mask = await encodePng(plane);
  for (const name of ['windows-linear', 'explicit-little']) {
    await copyFile(join(FIXTURES, `${name}.dcm`), join(data, `${name}.dcm`));
    await writeFile(join(data, 'lung', `${name}.png`), mask);
  }
  const folder = join(root, 'x.overread');
  const { project } = await createFromDataset(folder, await openDataset(data));
  project.close();
  context = createContext({ log: pino({ level: 'silent' }), home: new Home(join(root, 'home')) });
  await context.workspace.open(folder);
});
afterAll(async () => {
  await context.close();
  await rm(root, { recursive: true, force: true });
});

describe('the display windows in a DICOM file', () => {
  it('are sent with the image at its full size, and not with a smaller version', async () => {
    const app = createApp(context);
    const client = createClient(
      async (address, init) => app.fetch(new Request(address, init)),
      'http://overread.test',
    );
    const { windows, width, bits } = await client.image('windows-linear');
    expect({ width, bits }).toEqual({ width: 23, bits: 12 });
    expect(windows).toEqual([
      { name: 'LUNG', low: 449.75, high: 649.75 },
      { name: 'BONE', low: 1350, high: 1750 },
    ]);
    expect((await client.image('windows-linear', { size: 16 })).windows).toEqual([]);
    expect((await client.image('explicit-little')).windows).toEqual([]);
  });
});
