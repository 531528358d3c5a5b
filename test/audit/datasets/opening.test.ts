/** Opening a large dataset reports its progress and can be cancelled. */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CANCELLED, runProgram } from '../../../audit/cli/command.ts';
import { createProgram } from '../../../audit/cli/program.ts';
import { createTerminal } from '../../../audit/cli/terminal.ts';
import type { Progress } from '../../../audit/contract/terms.ts';
import { openDataset } from '../../../audit/datasets/registry.ts';
import { temporaryFolder } from './fixtures.ts';
import { largeCoco, largeCvat, largeManifest } from './large.ts';
import { fixture } from '../codecs/expected.ts';

const PIECE = 1024 * 1024;
let large: string;
beforeAll(async () => {
  large = await mkdtemp(join(tmpdir(), 'overread-opening-'));
  await largeCoco(join(large, 'coco'));
  await largeCvat(join(large, 'cvat'));
  await largeManifest(join(large, 'manifest'));
});
afterAll(() => rm(large, { recursive: true, force: true }));

const share = ({ done, total }: Progress) => (total === 0 ? 0 : done / total);

async function shares(root: string): Promise<number[]> {
  const told: number[] = [];
  await openDataset(root, {}, undefined, { onProgress: (progress) => told.push(share(progress)) });
  return told;
}

describe('opening a dataset', () => {
  it.each([
    'coco/dataset',
    'cvat/dataset',
    'labelme/dataset',
    'labelstudio/dataset',
    'nnunet/v2',
    'voc/dataset',
    'yolo/dataset',
  ])('reports its progress from 0 to 1: %s', async (path) => {
    const told = await shares(fixture(path));
    expect(told[0]).toBe(0);
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  });

  it.each(['coco', 'cvat', 'manifest'] as const)(
    'of one large file reports many steps and lets other requests be handled: %s',
    async (format) => {
      const root = join(large, format);
      const told: Progress[] = [];
      let turns = 0;
      let running = true;
      // Counts the turns of the event loop in which a server could answer other requests.
      const turn = (): void => {
        if (told.length > 1) turns += 1;
        if (running) setImmediate(turn);
      };
      setImmediate(turn);
      const listing = await openDataset(root, {}, undefined, { onProgress: (p) => told.push(p) });
      running = false;
      expect(listing.cases.length).toBeGreaterThan(0);
      const all = told.map(share);
      expect(all).toEqual([...all].sort((a, b) => a - b));
      expect(new Set(all.map((at) => Math.floor(at * 4)))).toEqual(new Set([0, 1, 2, 3, 4]));
      expect(turns).toBeGreaterThan(3);
    },
  );

  it.each(['coco', 'cvat', 'manifest'] as const)(
    'of one large file ends soon after a cancellation: %s',
    async (format) => {
      const root = join(large, format);
      const abort = new AbortController();
      let last: Progress | undefined;
      let atAbort: Progress | undefined;
      let running = true;
      // Cancels in a later turn of the event loop, as a request or a signal does.
      const turn = (): void => {
        if (last !== undefined && share(last) > 0.05) {
          atAbort = last;
          abort.abort();
        } else if (running) setImmediate(turn);
      };
      setImmediate(turn);
      const opening = openDataset(root, {}, undefined, {
        signal: abort.signal,
        onProgress: (progress) => (last = progress),
      });
      await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
      running = false;
      expect(share(last!)).toBeLessThan(1);
      expect(last!.done - atAbort!.done).toBeLessThanOrEqual(PIECE);
    },
  );

  it.each([
    'cvat/dataset',
    'dicom/medium',
    'labelme/dataset',
    'labelstudio/dataset',
    'voc/dataset',
    'yolo/dataset',
  ])('of several files ends between two of them when it is cancelled: %s', async (path) => {
    const root = join(await temporaryFolder(), 'data');
    await cp(fixture(path), root, { recursive: true });
    // Removes the label map of VOC's dataset: without it, the reader reads all masks to find the classes.
    await rm(join(root, 'labelmap.txt'), { force: true });
    const abort = new AbortController();
    const after: Progress[] = [];
    const opening = openDataset(root, {}, undefined, {
      signal: abort.signal,
      onProgress: (progress) => {
        if (abort.signal.aborted) after.push(progress);
        if (progress.done > 0) abort.abort();
      },
    });
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
    expect(after).toEqual([]);
  });

  it('does not begin if it was cancelled before', async () => {
    const looking = { signal: AbortSignal.abort() };
    const opening = openDataset(fixture('nnunet/v2'), {}, undefined, looking);
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('with the command line leaves no files behind when it is cancelled', async () => {
    const root = join(large, 'coco');
    const project = join(large, 'p.overread');
    const abort = new AbortController();
    const said: string[] = [];
    const terminal = {
      ...createTerminal({ write: () => true }, { write: (text) => said.push(text) }),
      progress: (progress: Progress) => {
        if (progress.task === 'look' && share(progress) > 0) abort.abort();
      },
    };
    const session = { terminal, signal: abort.signal, env: {}, interactive: false };
    const argv = ['create', project, '--from', root];
    const program = await createProgram(session, argv);
    expect(await runProgram(program, argv, session)).toBe(CANCELLED);
    expect(said.join('')).toBe('overread: Cancelled.\n');
    expect(existsSync(project)).toBe(false);
    expect((await readdir(root)).sort()).toEqual(['7.png', 'annotations.json']);
  });
});
