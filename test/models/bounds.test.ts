/** A network of a stranger is run only if it computes what networks of Overread compute. Needs a build. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openModel } from '../../models/onnx/inference.ts';
import { network } from '../fuzz/packs/base.mjs';
import { NETWORKS } from '../fuzz/packs/mutations.mjs';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'overread-bounds-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** @returns why the network is not opened */
async function refusalOf(bytes: Uint8Array): Promise<string> {
  const file = join(folder, 'a.onnx');
  writeFileSync(file, bytes);
  writeFileSync(join(folder, 'secret.bin'), Buffer.alloc(12));
  return openModel(file).then(
    async (model) => {
      await model.close();
      return 'opened';
    },
    (error: Error) => {
      expect(error.message).toBe(
        `${file} is not a network exported by Overread: give its qam.onnx.`,
      );
      return (error.cause as Error).message;
    },
  );
}
const about = {
  below: () => 0,
  pick: <T>(list: readonly T[]): T => list[0],
  machine: { private: '/nowhere' },
};

it('opens a small network of Overread’s operations', async () => {
  expect(await refusalOf(network('segmenter'))).toBe('opened');
  expect(await refusalOf(network('qam'))).toBe('opened');
});

it.each([
  ['external', /two graphs|lie in another file/],
  ['greedy', /operation that Overread does not export/],
  ['domain', /operations of its own/],
  ['unknown', /operation that Overread does not export/],
  ['large', /4096/],
] as const)('refuses a network of the kind “%s”', async (kind, why) => {
  const make = NETWORKS[kind] as (of: typeof about) => Uint8Array;
  expect(await refusalOf(make(about))).toMatch(why);
});

interface Model {
  readonly graph: {
    readonly node: readonly object[];
    readonly initializer: readonly object[];
  };
}

it('refuses a network that makes more and more values', async () => {
  const bytes = network('segmenter', (model: Model) => {
    const [conv, sigmoid] = model.graph.node;
    // Each joins a layer with itself: 2^40 channels.
    const joined = Array.from({ length: 40 }, (_, n) => ({
      ...{ op_type: 'Concat', name: `j${n}`, output: [`j${n}`] },
      input: n === 0 ? ['logits', 'logits'] : [`j${n - 1}`, `j${n - 1}`],
      attribute: [{ name: 'axis', type: 2, i: 1 }],
    }));
    const last = { ...sigmoid, input: ['j39'] };
    return { ...model, graph: { ...model.graph, node: [conv, ...joined, last] } };
  });
  expect(await refusalOf(bytes)).toMatch(/too many values/);
});
