// Compares the time of one of our training steps with PyTorch's, for the same network. Both sides run
// in turns, and their medians are compared.
// Options: --backend tensorflow|wasm|webgpu, --steps N (at least 30), --device cpu|cuda (PyTorch's).
// The bench installs PyTorch into the cache folder, unless OVERREAD_BENCH_PYTHON names a Python that
// has it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openOnly } from '../../dist/trainer/backends/index.js';
import { Learner } from '../../dist/trainer/learner.js';
import { PRESETS } from '../../dist/trainer/messages.js';
import { cacheFolder } from '../../dist/models/folders.js';

/**
 * Steps that one side runs before the other's turn. The first of them warms up and does not count.
 */
const TURN = 4;

const BATCH = 8;
const SIZE = 128;
const STRUCTURES = 4;

function python() {
  if (process.env.OVERREAD_BENCH_PYTHON) return process.env.OVERREAD_BENCH_PYTHON;
  const venv = join(cacheFolder(), 'bench-pytorch');
  const found = join(
    venv,
    ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
  );
  const works = () => spawnSync(found, ['-c', 'import torch']).status === 0;
  if (existsSync(found) && works()) return found;
  console.error('Installing PyTorch for the bench (once) …');
  for (const [command, args] of [
    [process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', venv]],
    [found, ['-m', 'pip', 'install', '--quiet', 'torch', 'numpy']],
  ]) {
    if (spawnSync(command, args, { stdio: ['ignore', 2, 2] }).status !== 0) {
      throw new Error(
        'PyTorch could not be installed: set OVERREAD_BENCH_PYTHON to a Python that has it.',
      );
    }
  }
  return found;
}

class Reference {
  constructor(command, config) {
    const script = fileURLToPath(new URL('./train-step.py', import.meta.url));
    this.process = spawn(command, [script, JSON.stringify(config)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }
  async answer() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('PyTorch ended before the bench did.');
    return JSON.parse(value);
  }
  async steps(count) {
    this.process.stdin.write(`${count}\n`);
    return this.answer();
  }
  close() {
    this.process.stdin.end();
  }
}

/** Overread's own learner, on random data. */
function ours(backend, config) {
  const { tf } = backend;
  const shape = [BATCH, SIZE, SIZE];
  const learner = new Learner(backend, config, Array(STRUCTURES).fill(0.5));
  const batch = {
    cases: Array.from({ length: BATCH }, (_, index) => index),
    image: tf.randomNormal([...shape, 1]),
    labels: tf.cast(tf.greater(tf.randomUniform([...shape, STRUCTURES]), 0.5), 'float32'),
    present: tf.ones([BATCH, STRUCTURES]),
    incomplete: false,
  };
  return {
    parameters: learner.segmenter.variables.reduce((sum, one) => sum + one.size, 0),
    async steps(count) {
      const times = [];
      for (let i = 0; i < count; i += 1) {
        const start = performance.now();
        await learner.step(batch, config.qam ? 'joint' : 'warm-up');
        times.push(performance.now() - start);
      }
      return times;
    },
  };
}

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const round = (value, digits) => Number(value.toFixed(digits));

async function compare(backend, changes, steps, device) {
  const config = { ...PRESETS.overread, ...changes };
  const mine = ours(backend, config);
  const reference = new Reference(python(), {
    ...config,
    batch: BATCH,
    size: SIZE,
    structures: STRUCTURES,
    device,
  });
  const about = await reference.answer();
  if (about.parameters !== mine.parameters) {
    throw new Error(`ours has ${mine.parameters} parameters, PyTorch's ${about.parameters}`);
  }
  const times = { mine: [], theirs: [] };
  while (times.mine.length < steps) {
    // The first turn of each side warms up caches and thread pools, so its times are thrown away.
    const theirs = await reference.steps(TURN);
    const own = await mine.steps(TURN);
    if (times.warm) {
      times.theirs.push(...theirs.slice(1));
      times.mine.push(...own.slice(1));
    }
    times.warm = true;
  }
  reference.close();
  const [a, b] = [median(times.mine), median(times.theirs)];
  return {
    ours: backend.device,
    ours_ms: round(a, 1),
    reference: `PyTorch ${about.version} ${about.device} default layout`,
    reference_ms: round(b, 1),
    ratio: round(a / b, 3),
    steps: times.mine.length,
    parameters: mine.parameters,
  };
}

export default async function trainStep(options) {
  const { values } = parseArgs({
    args: options,
    options: {
      backend: { type: 'string', default: 'tensorflow' },
      steps: { type: 'string', default: '30' },
      device: { type: 'string', default: 'cpu' },
    },
  });
  const backend = await openOnly(values.backend);
  const steps = Number(values.steps);
  const plain = await compare(backend, { batchNorm: false, qam: false }, steps, values.device);
  const { ours, ...real } = await compare(backend, {}, steps, values.device);
  return { ...plain, real: { ...real, network: 'batch normalisation and QAM' }, ours };
}
