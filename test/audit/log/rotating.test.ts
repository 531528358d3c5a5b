import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LOG_NAME, RotatingFile } from '../../../audit/log/rotating.ts';

const MODULE = new URL('../../../dist/audit/log/rotating.js', import.meta.url).href;

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'overread-rotating-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the log’s files', () => {
  it('have a limited size and number, and keep the newest lines', () => {
    const file = new RotatingFile(root, { bytes: 1000, files: 3 });
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      for (let line = 0; line < 500; line += 1) {
        vi.setSystemTime(line * 1000);
        file.write(`${line}`.padStart(49, '.') + '\n');
      }
    } finally {
      vi.useRealTimers();
    }
    const names = readdirSync(root).sort();
    expect(names).toHaveLength(3);
    expect(names.at(-1)).toBe(LOG_NAME);
    for (const name of names) expect(statSync(join(root, name)).size).toBeLessThanOrEqual(1000);
    const lines = names.flatMap((name) =>
      readFileSync(join(root, name), 'utf8').trim().split('\n'),
    );
    expect(lines.map((line) => Number(line.replace(/^\.+/, '')))).toEqual(
      Array.from({ length: lines.length }, (_, index) => 500 - lines.length + index),
    );
    expect(lines.length).toBeGreaterThan(40);
  });

  it('keep every line if several processes write at once', async () => {
    const script = `
      const { RotatingFile } = await import(${JSON.stringify(MODULE)});
      const file = new RotatingFile(${JSON.stringify(root)}, { bytes: 2000, files: 1000 });
      for (let line = 0; line < 300; line += 1) file.write(process.argv[1] + '-' + line + '\\n');
    `;
    const ends = ['a', 'b', 'c'].map(
      (name) =>
        new Promise((resolve) =>
          spawn(process.execPath, ['--input-type=module', '-e', script, name]).once(
            'exit',
            resolve,
          ),
        ),
    );
    expect(await Promise.all(ends)).toEqual([0, 0, 0]);
    const written = readdirSync(root).flatMap((name) =>
      readFileSync(join(root, name), 'utf8').trim().split('\n'),
    );
    const expected = ['a', 'b', 'c'].flatMap((name) =>
      Array.from({ length: 300 }, (_, line) => `${name}-${line}`),
    );
    expect(written.sort()).toEqual(expected.sort());
  });

  it('are replaced by standard error if their folder cannot be made', async () => {
    const blocked = join(root, 'file');
    writeFileSync(blocked, '');
    const script = `
      const { RotatingFile } = await import(${JSON.stringify(MODULE)});
      new RotatingFile(${JSON.stringify(join(blocked, 'logs'))}).write('a line\\n');
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    expect(said).toBe('a line\n');
    expect(existsSync(join(blocked, 'logs'))).toBe(false);
  });
});
