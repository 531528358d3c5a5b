// Measures how fast a dataset is imported: files a second of 8-bit X-rays of 512² with three PNG masks each, by
// `overread create` in a process of its own. The reference, a process of its own too, reads the same files one after
// another, takes their SHA-256 and decodes them, and keeps nothing: Pillow where a Python has it, else Node with
// fast-png. Each is run in turn, and the fastest run of each counts.
// Options: --cases N (200), --rounds N (3), --python PROGRAM (python3), --node, measure against Node also beside Pillow.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { encode } from 'fast-png';
import { MAIN } from '../e2e/serve.mjs';

const SIDE = 512;
const STRUCTURES = ['lung', 'heart', 'clavicle'];
/** The most seconds of an import that meet the goal, as a multiple of the reference's. */
const GOAL = 3;

const PILLOW = `
import hashlib, io, pathlib, sys
from PIL import Image
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.png")):
    data = path.read_bytes()
    hashlib.sha256(data).digest()
    Image.open(io.BytesIO(data)).load()
`;
const NODE = `
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
const folder = process.argv.at(-1);
for (const name of readdirSync(folder, { recursive: true }).sort()) {
  if (!name.endsWith('.png')) continue;
  const data = readFileSync(join(folder, name));
  createHash('sha256').update(data).digest();
  decode(data);
}
`;

/** An X-ray with noise, so that it compresses as real ones do; no two are alike. */
function image(number) {
  const data = new Uint8Array(SIDE * SIDE);
  let noise = number + 1;
  for (let i = 0; i < data.length; i += 1) {
    noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
    data[i] = ((i % SIDE) >> 2) + ((i >> 12) & 63) + (noise >>> 29);
  }
  return encode({ width: SIDE, height: SIDE, channels: 1, depth: 8, data });
}

function mask(number, structure) {
  const data = new Uint8Array(SIDE * SIDE);
  const [x0, y0] = [100 + 90 * structure + (number % 20), 180 + 40 * structure];
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      const inside = ((x - x0) / 70) ** 2 + ((y - y0) / 120) ** 2 < 1;
      if (inside) data[y * SIDE + x] = 255;
    }
  }
  return encode({ width: SIDE, height: SIDE, channels: 1, depth: 8, data });
}

function makeDataset(folder, cases) {
  for (const name of ['images', ...STRUCTURES]) mkdirSync(join(folder, name), { recursive: true });
  for (let number = 0; number < cases; number += 1) {
    const name = `case-${String(number).padStart(5, '0')}.png`;
    writeFileSync(join(folder, 'images', name), image(number));
    STRUCTURES.forEach((structure, at) =>
      writeFileSync(join(folder, structure, name), mask(number, at)),
    );
  }
}

/** Seconds that a program takes. */
function seconds(program, args) {
  const start = performance.now();
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  return (performance.now() - start) / 1000;
}

const hasPillow = (python) => spawnSync(python, ['-c', 'import PIL']).status === 0;

export default async function importing(options) {
  const { values } = parseArgs({
    args: options,
    options: {
      cases: { type: 'string', default: '200' },
      rounds: { type: 'string', default: '3' },
      python: { type: 'string', default: 'python3' },
      node: { type: 'boolean', default: false },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'overread-import-'));
  try {
    const data = join(folder, 'data');
    makeDataset(data, Number(values.cases));
    const files = readdirSync(data, { recursive: true }).filter((name) => name.endsWith('.png'));
    const isPillow = !values.node && hasPillow(values.python);
    const reference = isPillow
      ? () => seconds(values.python, ['-c', PILLOW, data])
      : () => seconds(process.execPath, ['--input-type=module', '-e', NODE, '--', data]);
    const best = { own: Infinity, reference: Infinity };
    for (let round = 0; round < Number(values.rounds); round += 1) {
      const project = join(folder, `${round}.overread`);
      const own = seconds(process.execPath, [MAIN, '--quiet', 'create', project, '--from', data]);
      const other = reference();
      console.error(`round ${round + 1}: ${own.toFixed(2)} s, reference ${other.toFixed(2)} s`);
      best.own = Math.min(best.own, own);
      best.reference = Math.min(best.reference, other);
      rmSync(project, { recursive: true });
    }
    const ratio = Number((best.own / best.reference).toFixed(2));
    return {
      reference: `${isPillow ? 'Pillow' : 'Node with fast-png'}: decode and hash`,
      files: files.length,
      filesPerSecond: Math.round(files.length / best.own),
      referenceFilesPerSecond: Math.round(files.length / best.reference),
      ratio,
      met: ratio <= GOAL,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
