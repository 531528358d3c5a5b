import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { noWheel } from '../../../trainer/setup/archive.ts';
import { withLock } from '../../../trainer/setup/lock.ts';
import { addressIn } from '../../../trainer/setup/pip.ts';
import { unpackedPath, setUpTensorflow } from '../../../trainer/setup/tensorflow.ts';
import { unpack } from '../../../trainer/setup/unpack.ts';
import { wheelsFor } from '../../../trainer/setup/wheels.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overread-setup-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe('pip', () => {
  it('gives the address of a file, whatever the index', () => {
    const output = [
      'Skipping link: none of the tags match: https://h.example/a/t-1.0-cp310-x.whl (from https://h.example/simple/t/)',
      'Skipping link: none of the tags match: https://h.example/b/t-1.0-cp311-x.whl#sha256=00 (from https://h.example/simple/t/)',
    ].join('\n');
    expect(addressIn(output, 't-1.0-cp311-x.whl')).toBe('https://h.example/b/t-1.0-cp311-x.whl');
    expect(addressIn(output, 't-2.0-cp311-x.whl')).toBeNull();
  });
});

describe('the wheels', () => {
  it('are pinned by a whole SHA-256, only for platforms that were tried', () => {
    for (const flavour of ['cpu', 'gpu'] as const) {
      const wheels = wheelsFor(flavour, 'linux', 'x64');
      expect(wheels.length).toBeGreaterThan(0);
      for (const wheel of wheels) {
        expect(wheel.sha256).toMatch(/^[0-9a-f]{64}$/);
        expect(wheel.file).toContain(wheel.version);
      }
      expect(wheelsFor(flavour, 'darwin', 'arm64')).toEqual([]);
      expect(wheelsFor(flavour, 'win32', 'x64')).toEqual([]);
    }
  });

  it('give the library, the headers of the C interface and CUDA, nothing else', () => {
    expect(unpackedPath('tensorflow/libtensorflow_cc.so.2')).toBe(
      join('deps', 'lib', 'libtensorflow_cc.so.2'),
    );
    expect(unpackedPath('tensorflow/include/tensorflow/c/c_api.h')).toBe(
      join('include', 'tensorflow/c/c_api.h'),
    );
    expect(unpackedPath('tensorflow/include/tensorflow/core/framework/op.h')).toBeNull();
    expect(unpackedPath('nvidia/cudnn/lib/libcudnn.so.9')).toBe(
      join('deps', 'nvidia/cudnn/lib/libcudnn.so.9'),
    );
    expect(unpackedPath('nvidia/cudnn/include/cudnn.h')).toBeNull();
    expect(unpackedPath('tensorflow/python/_pywrap_tfe.so')).toBeNull();
  });
});

describe('unpacking', () => {
  it('writes the chosen files and reports its progress', async () => {
    const text = new TextEncoder().encode('library '.repeat(5000));
    await writeFile(join(folder, 'a.whl'), zipSync({ 'a/b.so': text, 'a/c.py': text }));
    const seen: [number, number][] = [];
    const count = await unpack(
      join(folder, 'a.whl'),
      join(folder, 'out'),
      (entry) => (entry.endsWith('.so') ? 'lib/b.so' : null),
      (done, total) => seen.push([done, total]),
    );
    expect(count).toBe(1);
    expect(new Uint8Array(await readFile(join(folder, 'out', 'lib', 'b.so')))).toEqual(text);
    expect(seen.at(-1)).toEqual([text.length, text.length]);
  });

  it('refuses a file that is no zip, and an entry that leaves the folder', async () => {
    await writeFile(join(folder, 'b.whl'), 'not a zip');
    const all = (entry: string): string => entry;
    await expect(unpack(join(folder, 'b.whl'), folder, all, () => undefined)).rejects.toThrow();
    await writeFile(join(folder, 'c.whl'), zipSync({ 'a.so': new Uint8Array(3) }));
    await expect(
      unpack(
        join(folder, 'c.whl'),
        join(folder, 'out'),
        () => '../x.so',
        () => undefined,
      ),
    ).rejects.toThrow('outside');
    expect(existsSync(join(folder, 'x.so'))).toBe(false);
  });
});

describe('the lock', () => {
  it('lets one caller work at a time, and tells the other that it waits', async () => {
    const path = join(folder, 'lock');
    const order: string[] = [];
    let release = (): void => undefined;
    const first = withLock(
      path,
      () =>
        new Promise<void>((resolve) => (release = resolve)).then(() => void order.push('first')),
      () => undefined,
    );
    await vi.waitFor(() => expect(existsSync(path)).toBe(true));
    const waited = vi.fn(() => release());
    const second = withLock(path, async () => void order.push('second'), waited);
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
    expect(waited).toHaveBeenCalledOnce();
    expect(existsSync(path)).toBe(false);
  });

  it('takes over from a process that is gone', async () => {
    const path = join(folder, 'lock');
    await writeFile(path, '999999999');
    const waited = vi.fn();
    expect(await withLock(path, async () => 7, waited)).toBe(7);
    expect(waited).not.toHaveBeenCalled();
  });
});

describe('setting TensorFlow up', () => {
  it('ends at once where TensorFlow is set up already', async () => {
    vi.stubEnv('OVERREAD_CACHE', folder);
    const addon = join(folder, 'tensorflow-2.21.0-cpu', 'lib', 'napi-v8');
    await mkdir(addon, { recursive: true });
    await writeFile(join(addon, 'tfjs_binding.node'), '');
    const report = vi.fn();
    expect(await setUpTensorflow(report, undefined, 'cpu')).toBe(
      join(folder, 'tensorflow-2.21.0-cpu'),
    );
    expect(report).not.toHaveBeenCalled();
  });

  it('leaves nothing half-made when it is stopped', async () => {
    vi.stubEnv('OVERREAD_CACHE', folder);
    const stop = new AbortController();
    const stopped = setUpTensorflow(() => stop.abort(), stop.signal, 'cpu');
    await expect(stopped).rejects.toThrow();
    expect(existsSync(join(folder, 'tensorflow-2.21.0-cpu'))).toBe(false);
    expect(existsSync(join(folder, 'tensorflow-2.21.0-cpu.unfinished'))).toBe(false);
    expect(existsSync(join(folder, 'tensorflow-2.21.0-cpu.lock'))).toBe(false);
  });

  it('takes an archive that the person gives only with the checksum that they name', async () => {
    vi.stubEnv('OVERREAD_CACHE', folder);
    const archive = join(folder, 'libtensorflow.tar.gz');
    vi.stubEnv('OVERREAD_TENSORFLOW_ARCHIVE', archive);
    const set = (): Promise<string> => setUpTensorflow(() => undefined, undefined, 'cpu');
    await expect(set()).rejects.toThrow(/There is no file .*libtensorflow\.tar\.gz/);
    await writeFile(archive, 'something else');
    await expect(set()).rejects.toThrow(
      /does not know the archive .*OVERREAD_TENSORFLOW_SHA256\.$/,
    );
    vi.stubEnv('OVERREAD_TENSORFLOW_SHA256', '0'.repeat(64));
    await expect(set()).rejects.toThrow(/has the SHA-256 [0-9a-f]{64}, not 0{64}/);
    const sum = createHash('sha256').update('something else').digest('hex');
    vi.stubEnv('OVERREAD_TENSORFLOW_SHA256', sum.toUpperCase());
    await expect(set()).rejects.toThrow(/is not an archive of TensorFlow/);
    expect(existsSync(join(folder, 'tensorflow-2.21.0-cpu.unfinished'))).toBe(false);
  });

  it('fetches nothing where no checksum is published, and says what to do', () => {
    expect(noWheel('win32', 'x64')).toMatch(/so none is fetched: name an archive .* or train with/);
  });

  it('says what to do when the cache folder cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    vi.stubEnv('OVERREAD_CACHE', join(folder, 'file', 'cache'));
    await expect(setUpTensorflow(() => undefined, undefined, 'cpu')).rejects.toThrow(
      'set OVERREAD_CACHE',
    );
  });
});
