// The packed projects that a campaign starts from, and the places of a machine around them.
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';
import { SUMS } from '../../../dist/audit/archive/layout.js';
import { openProjectForWriting } from '../../../dist/audit/store/project.js';
import { modelMetadata } from '../../../dist/models/onnx/metadata.js';
import { ATTRIBUTE, FLOAT, encodeModel } from '../../../dist/models/onnx/schema.js';
import { MAIN, environment, makeBase, placeIn, withConfig } from '../kills/place.mjs';

/** Stands in every file that no project may carry away. */
export const MARK = 'private-4f1d9c';
const STRUCTURES = ['lung', 'heart', 'aorta'];
const SIDE = 16;

const node = (op, input, output, attribute = []) => ({
  ...{ op_type: op, name: output, input, output: [output], attribute },
});
const tensor = (name, dims, values) => ({
  ...{ name, dims, data_type: FLOAT, raw_data: Buffer.from(Float32Array.from(values).buffer) },
});
const sidesOf = (name, sides) => {
  const dim = sides.map((side) =>
    typeof side === 'number' ? { dim_value: side } : { dim_param: side },
  );
  return { name, type: { tensor_type: { elem_type: FLOAT, shape: { dim } } } };
};

/** A small network. @param change changes the model before it is encoded */
export function network(kind, change = (model) => model, metadata = {}) {
  const n = STRUCTURES.length;
  const inputs = kind === 'qam' ? n + 1 : 1;
  const graph =
    kind === 'segmenter'
      ? {
          node: [
            node('Conv', ['image', 'w'], 'logits'),
            node('Sigmoid', ['logits'], 'probabilities'),
          ],
          initializer: [tensor('w', [n, 1, 1, 1], [1, 2, 3])],
          input: [sidesOf('image', ['batch', 1, SIDE, SIDE])],
          output: [sidesOf('probabilities', ['batch', n, SIDE, SIDE])],
        }
      : {
          node: [
            node('Conv', ['image', 'w'], 'quality_map'),
            node('GlobalAveragePool', ['quality_map'], 'pooled'),
            node('Flatten', ['pooled'], 'score', [{ name: 'axis', type: ATTRIBUTE.int, i: 1 }]),
          ],
          initializer: [tensor('w', [1, inputs, 1, 1], [1, 2, 3, 4])],
          input: [sidesOf('image', ['batch', inputs, SIDE, SIDE])],
          output: [
            sidesOf('score', ['batch', 1]),
            sidesOf('quality_map', ['batch', 1, SIDE, SIDE]),
          ],
        };
  const said = {
    ...modelMetadata({ kind, structures: STRUCTURES, width: SIDE, height: SIDE, run: 'run' }),
    ...metadata,
  };
  return Buffer.from(
    encodeModel(
      change({
        ir_version: 6,
        opset_import: [{ domain: '', version: 11 }],
        producer_name: 'fuzz',
        graph: { name: kind, ...graph },
        metadata_props: Object.entries(said).map(([key, value]) => ({
          key: `overread.${key}`,
          value,
        })),
      }),
    ),
  );
}

/** The files of a zip, by name. */
async function filesOf(bytes) {
  const zip = await yauzl.fromBufferPromise(bytes, { lazyEntries: true });
  const files = new Map();
  for await (const entry of zip.eachEntry()) {
    files.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  }
  return files;
}

/** The list of sums of all files but itself. */
export function sumsOf(files) {
  const lines = [...files]
    .filter(([name]) => name !== SUMS)
    .map(([name, bytes]) => `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`);
  return Buffer.from(lines.join(''));
}

/**
 * Makes a project with networks, and packs it with and without its images.
 * @returns the files of both packs
 */
export async function makePacks(root) {
  const base = placeIn(join(root, 'base'), join(root, 'data'));
  mkdirSync(base.root);
  await makeBase(base);
  const writer = await withConfig(base, () =>
    openProjectForWriting(base.project, { purpose: 'fuzz' }),
  );
  const [{ id }] = writer.runs();
  const folder = writer.runFolder(id);
  writer.setVerdict('case-2', 'lung', 'accepted', { author: 'Ada' });
  writer.comment('case-2', 'lung', 'odd', { author: 'Ada' });
  writer.saveCalibration(id, { version: 2, structures: {} });
  writer.addImportNotices([{ kind: 'changed', file: 'a.png', reason: 'was turned.' }]);
  writer.close();
  mkdirSync(folder, { recursive: true });
  for (const kind of ['segmenter', 'qam'])
    writeFileSync(join(folder, `${kind}.onnx`), network(kind));
  writeFileSync(join(folder, 'metrics.jsonl'), '{"epoch":1}\n');
  writeFileSync(join(folder, 'run.json'), '{"epochs":1}\n');
  const packs = [];
  for (const images of [true, false]) {
    const file = join(root, `${images}.overread.zip`);
    const args = ['pack', base.project, file, ...(images ? ['--images'] : [])];
    const options = { env: environment(base), encoding: 'utf8' };
    const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args], options);
    if (status !== 0) throw new Error(`overread ${args.join(' ')}: ${stderr}`);
    packs.push(await filesOf(readFileSync(file)));
  }
  return { packs, data: base.data, run: id };
}

/**
 * Makes a machine: the person's dataset, files that nobody else may see, a folder in which they work and one into
 * which they unpack.
 */
export function makeMachine(folder, data) {
  const machine = Object.fromEntries(
    ['data', 'private', 'work', 'out', 'in', 'config'].map((name) => [name, join(folder, name)]),
  );
  for (const place of Object.values(machine)) mkdirSync(place, { recursive: true });
  cpSync(data, machine.data, { recursive: true });
  // The picture can be decoded, and what follows its end is no part of it.
  const picture = readFileSync(join(data, 'images', 'case-0.png'));
  writeFileSync(join(machine.private, 'secret.png'), Buffer.concat([picture, Buffer.from(MARK)]));
  for (const name of ['secret.bin', 'secret.mask', 'project.db', 'weights']) {
    writeFileSync(join(machine.private, name), MARK.repeat(100));
  }
  for (const place of [machine.work, machine.in]) {
    writeFileSync(join(place, 'secret.bin'), MARK.repeat(100));
  }
  return { ...machine, folder, pack: join(machine.in, 'gift.overread.zip') };
}
