/** A project that somebody else made does no harm: it carries no file away, and runs nothing of its own. */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { DatabaseSync } from '@photostructure/sqlite';
import { encode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { packProject } from '../../../audit/archive/pack.ts';
import { Task } from '../../../audit/contract/api.ts';
import { openProject, openProjectForWriting } from '../../../audit/store/project.ts';
import { applicationId, migrations } from '../../../audit/store/schema.ts';
import { openFixture, samplesOf } from './project.ts';
import type { Fixture } from './project.ts';

let server: Fixture;
/** An image of the person that no project should read, and its SHA-256. */
let secret: string;
let hash: string;
/** A copy of the project, as if it came on a stick. */
let foreign: string;

beforeEach(async () => {
  server = await openFixture(3);
  await server.ask('/api/project/close', 'POST');
  mkdirSync(join(server.root, 'private'));
  secret = join(server.root, 'private', 'secret.png');
  const [width, height] = [48, 40];
  const png = encode({ width, height, data: samplesOf(9), channels: 1, depth: 16 });
  writeFileSync(secret, png);
  hash = createHash('sha256').update(png).digest('hex');
  foreign = join(server.root, 'stick', 'foreign.overread');
  cpSync(server.folder, foreign, { recursive: true });
});
afterEach(() => server.close());

function sql(folder: string, ...statements: string[]): void {
  const db = new DatabaseSync(join(folder, 'project.db'));
  for (const statement of statements) db.exec(statement);
  db.close();
}

/** Makes the first case of a project name another image. */
const nameImage = (folder: string, file: string): void =>
  sql(folder, `UPDATE cases SET image_file = '${file}', image_hash = '${hash}' WHERE id = 1`);

/** Imports an image from outside of the dataset, as a person may. */
async function importSecret(): Promise<void> {
  const writer = await openProjectForWriting(server.folder, { purpose: 'test' });
  const image = { width: 48, height: 40, bits: 16 };
  await writer.addCases([
    {
      id: 'outside',
      imageFile: secret,
      imageHash: hash,
      image,
      split: null,
      annotator: null,
      labels: [],
    },
  ]);
  writer.close();
}

async function ended(path: string, request: unknown): Promise<Task> {
  const response = await server.ask(path, 'POST', request);
  expect(response.status, await response.clone().text()).toBe(202);
  const { id } = Task.parse(await response.json());
  return Task.parse(await server.context.tasks.ended(id));
}

async function open(folder: string): Promise<void> {
  const response = await server.ask('/api/projects/open', 'POST', { folder });
  expect(response.status, await response.clone().text()).toBe(200);
}

const out = (): string => join(server.root, 'out');
const exported = (): Promise<Task> => ended('/api/export', { out: out(), format: 'coco' });

/** Expects that an export and a pack are refused and leave nothing behind. */
async function expectNothingLeaves(why: RegExp): Promise<void> {
  const pack = join(server.root, 'p.overread.zip');
  for (const task of [await exported(), await ended('/api/pack', { out: pack, images: true })]) {
    expect(task).toMatchObject({ state: 'failed' });
    expect(task.error).toMatch(why);
  }
  expect(existsSync(out())).toBe(false);
  expect(existsSync(pack)).toBe(false);
}

describe('a project from elsewhere', () => {
  it('is exported only after the person named the dataset’s folder', async () => {
    sql(foreign, `UPDATE meta SET value = '${join(server.root, 'private')}' WHERE key = 'root'`);
    nameImage(foreign, 'secret.png');
    await open(foreign);
    await expectNothingLeaves(/comes from elsewhere and says that its dataset lies in .*private/);
  });

  it('carries no file away that lies outside of that folder', async () => {
    const root = join(server.root, 'data');
    for (const [file, why] of [
      [secret, /secret\.png lies outside/],
      ['../private/secret.png', /secret\.png lies outside/],
      ['link.png', /link\.png lies outside/],
    ] as const) {
      if (file === 'link.png') symlinkSync(secret, join(root, file));
      nameImage(foreign, file);
      await open(foreign);
      expect((await server.ask('/api/project/relink', 'POST', { root })).status).toBe(200);
      await expectNothingLeaves(why);
      const picture = await server.ask('/api/cases/case%201/picture');
      expect([picture.status, await picture.text()]).toEqual([400, expect.stringMatching(why)]);
      await server.ask('/api/project/close', 'POST');
    }
  });

  it('is exported whole once the person trusts it', async () => {
    nameImage(foreign, secret);
    await open(foreign);
    await expectNothingLeaves(/comes from elsewhere/);
    expect((await server.ask('/api/project/trust', 'POST')).status).toBe(200);
    expect(await exported()).toMatchObject({ state: 'done', result: { cases: 3 } });
    await server.ask('/api/project/close', 'POST');
    await open(foreign);
    expect((await server.ask('/api/cases/case%201/picture')).status).toBe(200);
  });

  it('comes out of a pack as one from elsewhere', async () => {
    await importSecret();
    const file = join(server.root, 'gift.overread.zip');
    const project = await openProject(server.folder);
    await packProject(project, file);
    project.close();
    const made = await ended('/api/unpack', { file, project: join(server.root, 'gift.overread') });
    expect(made).toMatchObject({ state: 'done' });
    await expectNothingLeaves(/comes from elsewhere/);
    const root = join(server.root, 'data');
    expect((await server.ask('/api/project/relink', 'POST', { root })).status).toBe(200);
    await expectNothingLeaves(/secret\.png lies outside/);
  });

  it('packs no link to a file of the person', async () => {
    const [shard = ''] = readdirSync(join(foreign, 'labels'));
    const [name = ''] = readdirSync(join(foreign, 'labels', shard));
    const mask = join(foreign, 'labels', shard, name);
    cpSync(mask, join(server.root, 'private', 'mask'));
    rmSync(mask);
    symlinkSync(join(server.root, 'private', 'mask'), mask);
    await open(foreign);
    const pack = await ended('/api/pack', {
      out: join(server.root, 'p.overread.zip'),
      images: false,
    });
    expect(pack.error).toMatch(/\.mask is a link to somewhere else/);
  });
});

describe('a project made here', () => {
  it('is exported with images that the person imported from outside of the dataset', async () => {
    await importSecret();
    await open(server.folder);
    expect(await exported()).toMatchObject({ state: 'done', result: { cases: 4 } });
  });

  it('is not exported with an image that is not the imported one', async () => {
    writeFileSync(join(server.root, 'data', '0.png'), readFileSync(secret));
    await open(server.folder);
    await expectNothingLeaves(/0\.png is not the one that was imported/);
    // Unless the person asks for it: then the export says so.
    const asked = await ended('/api/export', { out: out(), format: 'coco', changedImages: true });
    expect(asked).toMatchObject({ state: 'done', result: { cases: 3 } });
    const { notices } = asked.result as { notices: { file: string; reason: string }[] };
    expect(notices).toContainEqual({
      kind: 'changed',
      file: join(server.root, 'data', '0.png'),
      reason: expect.stringMatching(/is not the image that was imported/) as string,
    });
  });
});

describe('a database that holds more than Overread makes', () => {
  const trigger = `CREATE TRIGGER helpful AFTER UPDATE ON labels WHEN new.verdict = 'flagged'
    BEGIN UPDATE labels SET verdict = 'accepted' WHERE case_id = new.case_id; END`;
  const strange: readonly [string, string[], RegExp][] = [
    ['a trigger', [trigger], /holds the trigger “helpful”, which Overread did not make/],
    ['a view', ['CREATE VIEW v AS SELECT 1'], /holds the view “v”/],
    ['an index', ['CREATE INDEX i ON cases (abs(id))'], /holds the index “i”/],
    [
      'a view in place of a table',
      ['ALTER TABLE calibrations RENAME TO c', 'CREATE VIEW calibrations AS SELECT * FROM c'],
      /holds the table “c”/,
    ],
    [
      'another trigger under a name of Overread',
      ['DROP TRIGGER audit_is_kept', trigger.replace('helpful', 'audit_is_kept')],
      /holds the trigger “audit_is_kept”, which is not the one that Overread makes/,
    ],
    ['no trigger', ['DROP TRIGGER audit_is_kept'], /lacks the trigger “audit_is_kept”/],
  ];

  it.each(strange)('%s: is not opened and not unpacked', async (_, statements, why) => {
    sql(foreign, ...statements);
    const opened = await server.ask('/api/projects/open', 'POST', { folder: foreign });
    expect([opened.status, await opened.text()]).toEqual([400, expect.stringMatching(why)]);
    const file = join(server.root, 'gift.overread.zip');
    await packTampered(file);
    const project = join(server.root, 'gift.overread');
    const made = await ended('/api/unpack', { file, project });
    expect(made).toMatchObject({ state: 'failed' });
    expect(made.error).toMatch(why);
    expect(existsSync(project)).toBe(false);
  });

  it('is refused, too, where it says that an older version made it', async () => {
    const file = join(foreign, 'project.db');
    writeFileSync(file, '');
    sql(
      foreign,
      migrations[0].sql,
      `PRAGMA application_id = ${applicationId}; PRAGMA user_version = 1`,
      trigger,
    );
    const opened = await server.ask('/api/projects/open', 'POST', { folder: foreign });
    expect(await opened.text()).toMatch(/holds the trigger “helpful”/);
  });

  /** Packs the foreign project as its maker would, who does not use Overread. */
  async function packTampered(file: string): Promise<void> {
    await zipOf(file, (add) => {
      const manifest = { format: 'overread-project', version: 1, overread: '0', name: 'x' };
      const counts = { cases: 3, labels: 5, images: false, packedAt: '' };
      add('manifest.json', Buffer.from(JSON.stringify({ ...manifest, ...counts })));
      for (const name of ['project.db', 'labels']) {
        for (const entry of [name, ...below(join(foreign, name)).map((one) => `${name}/${one}`)]) {
          const path = join(foreign, entry);
          if (/\.(db|mask)$/.test(entry)) add(entry, readFileSync(path));
        }
      }
    });
  }
  const below = (folder: string): string[] =>
    folder.endsWith('.db') ? [] : readdirSync(folder, { recursive: true, encoding: 'utf8' });
});

async function zipOf(
  file: string,
  fill: (add: (name: string, bytes: Buffer) => void) => void,
): Promise<void> {
  const zip = new ZipFile();
  const sums: string[] = [];
  fill((name, bytes) => {
    sums.push(`${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`);
    zip.addBuffer(bytes, name);
  });
  zip.addBuffer(Buffer.from(sums.join('')), 'SHA256SUMS');
  zip.end();
  writeFileSync(file, await buffer(zip.outputStream));
}

describe('a zip that lies', () => {
  it('about the size of its entries is refused, and the server goes on', async () => {
    const file = join(server.root, 'liar.overread.zip');
    const bytes = Buffer.alloc(400_000);
    for (let i = 0; i < bytes.length; i += 1) bytes[i] = (i * i * 2654435761) >>> 24;
    await zipOf(file, (add) => {
      const manifest = { format: 'overread-project', version: 1, overread: '0', name: 'x' };
      const counts = { cases: 3, labels: 5, images: false, packedAt: '' };
      add('manifest.json', Buffer.from(JSON.stringify({ ...manifest, ...counts })));
      for (let n = 0; n < 24; n += 1) add(`runs/a/${n}`, bytes);
    });
    const whole = readFileSync(file);
    // In the zip's directory, an entry's size stands 24 bytes after its signature, its name after 46.
    for (let at = 0; (at = whole.indexOf('PK\u0001\u0002', at, 'latin1')) >= 0; at += 46) {
      if (whole.toString('latin1', at + 46, at + 51) === 'runs/') whole.writeUInt32LE(10, at + 24);
    }
    writeFileSync(file, whole);
    const project = join(server.root, 'liar.overread');
    for (let round = 0; round < 5; round += 1) {
      const made = await ended('/api/unpack', { file, project });
      expect(made).toMatchObject({ state: 'failed' });
      expect(made.error).toMatch(/is not a packed project, or is damaged \(too many bytes/);
    }
    expect(existsSync(project)).toBe(false);
    // A read that was in flight would have ended the process by now.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await server.ask('/api/status')).status).toBe(200);
  });
});

describe('a request in JSON', () => {
  it.each([
    ['with its length', { 'content-length': String(3 * 2 ** 20) }],
    ['without its length', {}],
  ])('%s is refused above one megabyte, before it is parsed', async (_, headers) => {
    const body = JSON.stringify({ folder: 'x'.repeat(3 * 2 ** 20) });
    const response = await server.ask('/api/projects/open', 'POST', undefined, {});
    expect(response.status).toBe(415);
    const large = await server.app.fetch(
      new Request('http://overread.test/api/projects/open', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      }),
    );
    expect([large.status, await large.json()]).toEqual([
      413,
      { error: expect.stringMatching(/larger than 1 MB/) as string, code: 'usage' },
    ]);
  });
});
