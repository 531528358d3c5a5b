// Runs everything a change must pass and closes on one line: `N passed, N failed`.
// A lint tool or the type check counts as one test each; vitest counts its own.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coverageByFolder } from './coverage.mjs';

const counts = { passed: 0, failed: 0, skipped: 0 };
const bin = (name) => join('node_modules', '.bin', name);

// Sets TensorFlow up if this machine can. Without TensorFlow, its tests are skipped and say so.
console.log('# set-up');
spawnSync('node', [join('dist', 'audit', 'cli', 'main.js'), 'setup'], { stdio: 'inherit' });

// The longest checks come first, because two run at a time.
const checks = [
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
  counts[status === 0 ? 'passed' : 'failed'] += 1;
}

const waiting = [...checks];
const worker = async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) await run(next);
};
await Promise.all([worker(), worker()]);

const folder = mkdtempSync(join(tmpdir(), 'overread-test-'));
const report = join(folder, 'vitest.json');
console.log('\n# tests');
const vitest = spawnSync(
  bin('vitest'),
  [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    '--coverage',
    `--coverage.reportsDirectory=${join(folder, 'coverage')}`,
  ],
  { stdio: 'inherit' },
);
try {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  counts.passed += result.numPassedTests;
  counts.failed += result.numFailedTests;
  counts.skipped += result.numPendingTests + result.numTodoTests;
  // A file that cannot load, or an error outside of all tests, counts as a failed test.
  if (vitest.status !== 0 && result.numFailedTests === 0) counts.failed += 1;
} catch {
  counts.failed += 1;
}
const covered = join(folder, 'coverage', 'coverage-summary.json');
if (existsSync(covered)) {
  console.log('\n# lines run by tests, without what child processes ran from dist/');
  const lines = coverageByFolder(JSON.parse(readFileSync(covered, 'utf8')), process.cwd());
  console.log(lines.join('\n'));
}
rmSync(folder, { recursive: true, force: true });

console.log(
  `\n${counts.passed} passed, ${counts.failed} failed` +
    (counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''),
);
process.exit(counts.failed > 0 ? 1 : 0);
