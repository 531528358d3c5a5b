// Measures whether memory grows with the number of cases: imports, scores and ranks few and then many
// phantoms of 512², each command in a process of its own, and compares the commands' peaks of memory.
// Options: --few N (1000), --many N (10000), --size P (512), --model DIR (a run folder with
// segmenter.onnx and qam.onnx; by default the newest run of ./overread-demo). Datasets and projects
// stay in the cache folder.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { parseArgs } from 'node:util';
import { writePhantomDataset } from '../../dist/audit/phantoms/dataset.js';
import { cacheFolder } from '../../dist/models/folders.js';
import { MAIN } from '../e2e/serve.mjs';

/** Reads from /proc with `read`. @returns its result, or '' if the process has just ended */
function told(read) {
  try {
    return read();
  } catch {
    return '';
  }
}

/** The ids of a process and of all its descendants (Linux). */
function family(pid) {
  const children = [...told(() => readdirSync(`/proc/${pid}/task`))].flatMap((thread) =>
    told(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'))
      .split(' ')
      .filter(Boolean),
  );
  return [pid, ...children.flatMap((child) => family(Number(child)))];
}

/**
 * Runs one command.
 * @returns its seconds and, as `peak`, the peaks of memory summed over its processes, in MB (Linux's
 *   VmHWM). Scoring runs in a process of its own, so a command can have several.
 */
function measure(args) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, [MAIN, '--quiet', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const peaks = new Map();
    const look = setInterval(() => {
      for (const pid of family(child.pid)) {
        const most =
          Number(
            /VmHWM:\s+(\d+)/.exec(told(() => readFileSync(`/proc/${pid}/status`, 'utf8')))?.[1] ??
              0,
          ) / 1024;
        peaks.set(pid, Math.max(most, peaks.get(pid) ?? 0));
      }
    }, 100);
    child.on('exit', (code) => {
      clearInterval(look);
      if (code !== 0) reject(new Error(`overread ${args[0]} ended with ${code}`));
      else {
        const peak = [...peaks.values()].reduce((sum, one) => sum + one, 0);
        resolve({ seconds: (performance.now() - start) / 1000, peak });
      }
    });
  });
}

async function one(count, size, model) {
  const root = join(cacheFolder(), 'bench-scale');
  const dataset = join(root, `phantoms-${count}-${size}`);
  const project = join(root, `scale-${count}.overread`);
  let last = 0;
  await writePhantomDataset(dataset, {
    count,
    size,
    seed: 1,
    errorShare: 0.1,
    threads: availableParallelism(),
    onProgress: (done, total) => {
      if (done < last + total / 20) return;
      last = done;
      console.error(`made ${done} of ${total} X-rays`);
    },
  });
  await rm(project, { recursive: true, force: true });
  const steps = {};
  for (const [name, args] of [
    ['import', ['create', project, '--from', dataset]],
    ['score', ['score', project, '--model', join(model, 'qam.onnx')]],
    ['rank', ['rank', project, '--format', 'json']],
  ]) {
    steps[name] = await measure(args);
    const { seconds, peak } = steps[name];
    console.error(`${count} cases, ${name}: ${seconds.toFixed(1)} s, peak ${peak.toFixed(0)} MB`);
  }
  return steps;
}

function newestRun() {
  const runs = join('overread-demo', 'demo.overread', 'runs');
  const complete = (existsSync(runs) ? readdirSync(runs) : [])
    .map((id) => join(runs, id))
    .filter((folder) => existsSync(join(folder, 'run.json')));
  if (complete.length === 0)
    throw new Error('Run "npm run demo -- --headless" first, or give --model.');
  return complete.sort().at(-1);
}

export default async function scale(options) {
  const { values } = parseArgs({
    args: options,
    options: {
      few: { type: 'string', default: '1000' },
      many: { type: 'string', default: '10000' },
      size: { type: 'string', default: '512' },
      model: { type: 'string' },
    },
  });
  const model = values.model ?? newestRun();
  const [few, many] = [Number(values.few), Number(values.many)];
  const [small, large] = [
    await one(few, Number(values.size), model),
    await one(many, Number(values.size), model),
  ];
  const peak = (steps) => Math.max(...Object.values(steps).map((step) => step.peak));
  const rate = (name) => Number((many / large[name].seconds).toFixed(1));
  return {
    ours_mb: Math.round(peak(large)),
    reference: `${few} cases`,
    reference_mb: Math.round(peak(small)),
    ratio: Number((peak(large) / peak(small)).toFixed(3)),
    cases: many,
    imported_per_second: rate('import'),
    scored_per_second: rate('score'),
    rank_seconds: Number(large.rank.seconds.toFixed(1)),
  };
}
