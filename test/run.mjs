// Runs everything a change must pass and closes on one line: `N passed, N failed`.
// A lint tool or the type check counts as one test each; vitest counts its own.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coverageByFolder } from './coverage.mjs';
import { findChromium } from './e2e/chromium.mjs';

const counts = { passed: 0, failed: 0, skipped: 0 };
const bin = (name) => join('node_modules', '.bin', name);

// Installs TensorFlow if this machine can run it. Without TensorFlow, its tests are skipped and say so.
console.log('# set-up');
spawnSync('node', [join('dist', 'audit', 'cli', 'main.js'), 'setup'], { stdio: 'inherit' });

const folder = mkdtempSync(join(tmpdir(), 'overread-test-'));
const resultOf = (project) => join(folder, `${project}.json`);
const coverageOf = (project) => join(folder, project);
/**
 * The arguments that run one project of `vitest.config.ts` and measure the coverage of the files that match
 * `include`.
 */
const testsOf = (project, include) => [
  'run',
  `--project=${project}`,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${resultOf(project)}`,
  '--coverage',
  `--coverage.include=${include}`,
  `--coverage.reportsDirectory=${coverageOf(project)}`,
];
const inBrowser =
  findChromium() === null
    ? []
    : [['tests of components', bin('vitest'), testsOf('components', 'renderer/**/*.{ts,svelte}')]];

// The longest checks come first, because two run at a time. The tests of components mostly wait for the
// browser, so they run beside the others.
const checks = [
  ...inBrowser,
  ['lint', bin('eslint'), ['--max-warnings', '0', '.']],
  ['format', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['types', bin('tsc'), ['-p', 'tsconfig.json']],
  [
    'interface types',
    bin('svelte-check'),
    ['--tsconfig', 'renderer/tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  ],
  ['types of the interface’s tests', bin('tsc'), ['-p', 'test/renderer/tsconfig.json']],
  [
    'folder boundaries and cycles',
    bin('depcruise'),
    [
      '--config',
      '.dependency-cruiser.cjs',
      'audit',
      'electron',
      'models',
      'renderer',
      'trainer',
      'test',
    ],
  ],
  ['unused files, exports and packages', 'npm', ['run', '--silent', 'unused']],
];
/** Projects whose test run ended with an error. */
const failedRuns = new Set();

/** Runs a check, and prints its output when it has ended. */
async function run([name, command, args]) {
  const { status, output } = await new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    }
    child.on('error', (error) => resolve({ status: 1, output: `${error.message}\n` }));
    child.on('close', (status) => resolve({ status, output }));
  });
  console.log(`\n# ${name}\n${output}`.trimEnd());
  // Tests are counted one by one below.
  if (command !== bin('vitest')) counts[status === 0 ? 'passed' : 'failed'] += 1;
  else if (status !== 0) failedRuns.add('components');
}

const waiting = [...checks];
const worker = async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) await run(next);
};
await Promise.all([worker(), worker()]);

console.log('\n# tests');
const others = '{audit,electron,models,renderer,trainer}/**/*.ts';
const { status } = spawnSync(bin('vitest'), testsOf('node', others), { stdio: 'inherit' });
if (status !== 0) failedRuns.add('node');

const projects = inBrowser.length > 0 ? ['components', 'node'] : ['node'];
for (const project of projects) {
  try {
    const result = JSON.parse(readFileSync(resultOf(project), 'utf8'));
    counts.passed += result.numPassedTests;
    counts.failed += result.numFailedTests;
    counts.skipped += result.numPendingTests + result.numTodoTests;
    // A file that cannot load, or an error outside of all tests, counts as a failed test.
    if (failedRuns.has(project) && result.numFailedTests === 0) counts.failed += 1;
  } catch {
    counts.failed += 1;
  }
}
const covered = projects
  .map((project) => join(coverageOf(project), 'coverage-final.json'))
  .filter((path) => existsSync(path));
console.log('\n# lines run by tests, without what child processes ran from dist/');
console.log(coverageByFolder(covered, process.cwd()).join('\n'));
rmSync(folder, { recursive: true, force: true });

console.log(
  `\n${counts.passed} passed, ${counts.failed} failed` +
    (counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''),
);
process.exit(counts.failed > 0 ? 1 : 0);
