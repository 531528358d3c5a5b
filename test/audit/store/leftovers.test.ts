/** What killed processes left is swept at the next start, and files about patients are their owner's alone. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { packProject } from '../../../audit/archive/pack.ts';
import { unpackProject } from '../../../audit/archive/unpack.ts';
import { sweepLeftovers, temporaryBeside } from '../../../audit/store/leftovers.ts';
import { openProjectForWriting } from '../../../audit/store/project.ts';
import { createIn, makeCase, makePlace } from './fixture.ts';
import type { Place } from './fixture.ts';

let place: Place;
let config: string;
beforeEach(() => {
  place = makePlace();
  config = mkdtempSync(path.join(os.tmpdir(), 'overread-config-'));
  vi.stubEnv('OVERREAD_CONFIG', config);
});
afterEach(() => {
  vi.unstubAllEnvs();
  place.remove();
  rmSync(config, { recursive: true });
});

/** A process number that no process has. */
const GONE = 2 ** 30;

function note(file: string, change: object = {}): string {
  const folder = path.join(config, 'temporary');
  mkdirSync(folder, { recursive: true });
  const name = path.join(folder, `${path.basename(file)}.json`);
  const entry = { session: 'x', pid: GONE, host: os.hostname(), path: file, ...change };
  writeFileSync(name, JSON.stringify(entry));
  return name;
}

describe('the sweep', () => {
  it('removes what killed processes left, wherever it lies', () => {
    const folder = path.join(place.folder, '.a.overread.01234567.overread-part');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'project.db'), 'x');
    const noted = note(folder);
    sweepLeftovers();
    expect([existsSync(folder), existsSync(noted)]).toEqual([false, false]);
  });

  it('leaves what a running process uses, what another machine made, and every other name', () => {
    const used = temporaryBeside(path.join(place.folder, 'a.zip'));
    writeFileSync(used.path, 'x');
    const away = path.join(place.folder, '.b.01234567.overread-part');
    const precious = path.join(place.folder, 'precious.txt');
    for (const file of [away, precious]) writeFileSync(file, 'x');
    note(away, { host: 'elsewhere' });
    note(precious);
    const parent = path.join(place.folder, '.c.01234567.overread-part');
    writeFileSync(parent, 'x');
    note(parent, { pid: process.ppid });
    sweepLeftovers();
    expect([used.path, away, precious, parent].map((file) => existsSync(file))).toEqual([
      ...[true, true, true, true],
    ]);
    used.remove();
    expect(readdirSync(path.join(config, 'temporary'))).not.toContain(path.basename(used.path));
  });

  it('removes half-written files of the settings and of a project', async () => {
    (await createIn(place)).close();
    const run = path.join(place.project, 'runs', 'a');
    mkdirSync(run, { recursive: true });
    const files = [
      path.join(config, `settings.json.${GONE}.part`),
      path.join(run, `qam.onnx.${GONE}.part`),
      path.join(run, `weights.bin.${process.pid}.part`),
    ];
    for (const file of files) writeFileSync(file, 'x');
    sweepLeftovers();
    (await openProjectForWriting(place.project, { purpose: 'test' })).close();
    expect(files.map((file) => existsSync(file))).toEqual([false, false, true]);
  });
});

describe.skipIf(process.platform === 'win32')('files about patients', () => {
  const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);

  it('may be read by their owner only, in a project, a pack and an unpacked project', async () => {
    const umask = process.umask(0o022);
    try {
      const writer = await createIn(place);
      await writer.addCases([makeCase(place, 1)]);
      expect(modeOf(place.project)).toBe('700');
      for (const name of ['project.db', 'project.db-wal', 'labels/log.jsonl']) {
        expect([name, modeOf(path.join(place.project, name))]).toEqual([name, '600']);
      }
      const pack = path.join(place.folder, 'a.overread.zip');
      await packProject(writer, pack);
      writer.close();
      const unpacked = path.join(place.folder, 'b.overread');
      await unpackProject(pack, unpacked, { author: 'Ada' });
      expect([pack, unpacked, path.join(unpacked, 'project.db')].map(modeOf)).toEqual([
        ...['600', '700', '600'],
      ]);
      expect(readdirSync(place.folder).filter((name) => name.startsWith('.'))).toEqual([]);
    } finally {
      process.umask(umask);
    }
  });
});
