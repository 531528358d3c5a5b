import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportOnnx } from '../../models/onnx/export.ts';
import { modelMetadata } from '../../models/onnx/metadata.ts';
import { unet } from '../../models/unet.ts';
import { initialWeights } from '../../models/weights.ts';

const built = (path: string): string => new URL(`../../dist/${path}`, import.meta.url).href;
const RUNTIME = import.meta.resolve('onnxruntime-node');

let home: string;
let folder: string;
let model: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'overread-quiet-'));
  folder = join(home, 'empty');
  mkdirSync(folder);
  const graph = unet({ structures: 1, width: 4, levels: 2, batchNorm: false });
  const metadata = modelMetadata({
    ...{ kind: 'segmenter', structures: ['lung'], width: 16, height: 16, run: 'run' },
  });
  model = join(home, 'segmenter.onnx');
  writeFileSync(
    model,
    exportOnnx(graph, initialWeights(graph, 1), { width: 16, height: 16, metadata }),
  );
});
afterEach(() => rmSync(home, { recursive: true }));

/** The files that a process running `code` leaves in its home and in its temporary folder. */
function leftBy(code: string): string[] {
  const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, HOME: folder, TMPDIR: folder };
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    env,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return readdirSync(folder);
}

const OPEN = (from: string, what: string): string =>
  `const runtime = await import(${JSON.stringify(from)}); ` +
  `await runtime.${what}(${JSON.stringify(model)}); ` +
  'await new Promise((done) => setTimeout(done, 500));';

describe('ONNX Runtime', () => {
  // If this fails, the tests below prove nothing.
  it.runIf(process.platform === 'linux')('leaves files with its reports by default', () => {
    expect(leftBy(OPEN(RUNTIME, 'InferenceSession.create')).length).toBeGreaterThan(0);
  });

  it('leaves no files when Overread opens a network', () => {
    expect(leftBy(OPEN(built('models/onnx/inference.js'), 'openModel'))).toEqual([]);
  });

  it('leaves no files in the threads that score', () => {
    const thread = OPEN(built('models/onnx/inference.js'), 'openModel');
    const code =
      `await import(${JSON.stringify(built('audit/scoring/pool.js'))}); ` +
      "const { Worker } = await import('node:worker_threads'); " +
      `const url = new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(thread)})); ` +
      "const worker = new Worker(url); await new Promise((done, fail) => worker.on('exit', done).on('error', fail));";
    expect(leftBy(code)).toEqual([]);
  });
});
