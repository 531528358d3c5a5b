import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parametersOf, statisticsOf } from '../../models/graph.ts';
import type { Graph } from '../../models/graph.ts';
import { exportOnnx } from '../../models/onnx/export.ts';
import { openModel } from '../../models/onnx/inference.ts';
import { modelMetadata } from '../../models/onnx/metadata.ts';
import { qam } from '../../models/qam.ts';
import { Random } from '../../models/random.ts';
import { unet } from '../../models/unet.ts';
import { initialWeights } from '../../models/weights.ts';
import type { Weights } from '../../models/weights.ts';
import { pythonWith } from '../python.ts';

const SIDE = 32;
const BATCH = 3;
const structures = ['lung', 'heart', 'clavicle'];
const graphs = [
  unet({ structures: 3, width: 4, levels: 3, batchNorm: true }),
  unet({ structures: 3, width: 4, levels: 3, batchNorm: false }),
  qam({ structures: 3, widths: [4, 8, 8], batchNorm: true, centred: true }),
  qam({ structures: 3, widths: [4, 8, 8], batchNorm: true, centred: false }),
  qam({
    ...{ structures: 3, widths: [4, 8], batchNorm: true, centred: true },
    ...{ scores: 'label', seesProposal: true },
  }),
];
const python = pythonWith('onnx', ['onnx==1.23.2', 'onnxruntime==1.32.0']);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overread-onnx-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Weights in which no array has equal numbers, so that a swap of arrays changes the result. */
function anyWeights(graph: Graph): Weights {
  const weights = initialWeights(graph, 5);
  const source = Random.forTraining(9, graph.name);
  for (const { name, init } of parametersOf(graph)) {
    if (init === 'he') continue;
    weights.set(
      name,
      weights.get(name)!.map((value) => value + source.normal() * 0.3),
    );
  }
  for (const { name } of statisticsOf(graph)) {
    weights.set(
      `${name}/mean`,
      weights.get(`${name}/mean`)!.map(() => source.normal() * 0.2),
    );
    weights.set(
      `${name}/variance`,
      weights.get(`${name}/variance`)!.map(() => 0.5 + source.next()),
    );
  }
  return weights;
}

async function write(graph: Graph): Promise<string> {
  const path = join(folder, `${graph.name}.onnx`);
  const metadata = modelMetadata({
    kind: graph.name,
    structures,
    width: SIDE,
    height: SIDE,
    run: 'run-1',
    ...(graph === graphs[4] && { scores: 'label', seesProposal: true }),
  });
  const size = { width: SIDE, height: SIDE };
  await writeFile(path, exportOnnx(graph, anyWeights(graph), { ...size, metadata }));
  return path;
}

describe('an exported network', () => {
  it('names its kind, structures, size and run in its metadata', async () => {
    const model = await openModel(await write(graphs[2]));
    expect(model).toMatchObject({ kind: 'qam', structures, width: SIDE, runId: 'run-1' });
    await model.close();
  });

  it('names its variant in its metadata, unless it is the default', async () => {
    const plain = { kind: 'qam', structures, width: 8, height: 8, run: 'r' } as const;
    const asked = modelMetadata({ ...plain, scores: 'case', seesProposal: false });
    expect(asked).toEqual(modelMetadata(plain));
    expect(Object.keys(asked)).not.toContain('scores');
    const model = await openModel(await write(graphs[4]));
    expect(model).toMatchObject({ scores: 3, seesProposal: true });
    const output = await model.run(new Float32Array(7 * SIDE * SIDE), 1);
    expect(output.score).toHaveLength(3);
    await model.close();
  });

  it('takes any batch size, and a case’s result does not depend on its neighbours', async () => {
    const model = await openModel(await write(graphs[2]));
    const one = Float32Array.from({ length: 4 * SIDE * SIDE }, (_, index) => Math.sin(index));
    const two = Float32Array.from([...one, ...one.map((value) => -value)]);
    const alone = await model.run(one, 1);
    const pair = await model.run(two, 2);
    expect(pair.score).toHaveLength(2);
    expect(pair.score[0]).toBeCloseTo(alone.score[0], 5);
    await model.close();
  });

  it.each(['nothing there', 'text', 'cut short'])(
    'is refused in one sentence: %s',
    async (kind) => {
      const path = join(folder, 'bad.onnx');
      if (kind === 'text') await writeFile(path, 'this is not a network');
      if (kind === 'cut short') {
        const bytes = exportOnnx(graphs[2], anyWeights(graphs[2]), {
          width: SIDE,
          height: SIDE,
          metadata: {},
        });
        await writeFile(path, bytes.subarray(0, bytes.length / 2));
      }
      const missing = kind === 'nothing there' ? join(folder, 'missing.onnx') : path;
      await expect(openModel(missing)).rejects.toThrow(/\.onnx (cannot be read|is not a network)/);
    },
  );

  it.skipIf(python === null).each(graphs.map((graph, index) => ({ graph, index })))(
    'passes the official checker and gives the same in Python’s ONNX Runtime: $graph.name $index',
    async ({ graph }) => {
      const path = await write(graph);
      const channels = graph.input.channels;
      const source = Random.forTraining(1, 'input');
      const input = Float32Array.from({ length: BATCH * channels * SIDE * SIDE }, () =>
        source.normal(),
      );
      const inputFile = join(folder, 'input.f32');
      await writeFile(inputFile, new Uint8Array(input.buffer));
      const script = fileURLToPath(new URL('./onnx-check.py', import.meta.url));
      const shape = JSON.stringify([BATCH, channels, SIDE, SIDE]);
      const answer = spawnSync(python!, [script, path, inputFile, shape], { encoding: 'utf8' });
      expect(answer.stderr).toBe('');
      const theirs = JSON.parse(answer.stdout) as Record<string, number[]>;
      const model = await openModel(path);
      const ours = await model.run(input, BATCH);
      expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
      for (const [name, values] of Object.entries(theirs)) {
        expect(ours[name]).toHaveLength(values.length);
        values.forEach((value, index) => expect(ours[name][index]).toBeCloseTo(value, 4));
      }
      await model.close();
    },
  );
});
