import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isUpToDate } from '../../renderer/build.mjs';

describe('the interface is built again', () => {
  let folder = '';
  const at = (path: string, seconds: number): void =>
    utimesSync(join(folder, path), seconds, seconds);
  const upToDate = (): boolean => isUpToDate(join(folder, 'built'), [join(folder, 'source')]);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'overread-build-'));
    mkdirSync(join(folder, 'source/part'), { recursive: true });
    writeFileSync(join(folder, 'source/part/a'), '');
    writeFileSync(join(folder, 'built'), '');
    for (const path of ['source/part/a', 'source/part', 'source']) at(path, 100);
    at('built', 200);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('if nothing is built, or a source file was changed or removed, and otherwise not', () => {
    expect(upToDate()).toBe(true);
    at('source/part/a', 300);
    expect(upToDate()).toBe(false);
    at('source/part/a', 100);
    at('source/part', 300);
    expect(upToDate()).toBe(false);
    at('source/part', 100);
    rmSync(join(folder, 'built'));
    expect(upToDate()).toBe(false);
  });
});
