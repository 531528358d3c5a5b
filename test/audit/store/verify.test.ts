/** Verifying a project finds damage and tampering; projects of other versions are migrated or refused. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseSync } from '@photostructure/sqlite';
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rankProject } from '../../../audit/ranking/rank.ts';
import { canonicalJson } from '../../../audit/store/audit-log.ts';
import { macFilesystem, networkFilesystem } from '../../../audit/store/filesystem.ts';
import { newestVersion } from '../../../audit/store/migrate.ts';
import { openProject, openProjectForWriting } from '../../../audit/store/project.ts';
import { applicationId, migrations } from '../../../audit/store/schema.ts';
import type { LabelScore, ProjectReader } from '../../../audit/store/types.ts';
import { createIn, makeCase, makeMask, makePlace } from './fixture.ts';
import type { Place } from './fixture.ts';

let place: Place;
beforeEach(async () => {
  place = makePlace();
  const writer = await createIn(place);
  await writer.addCases([1, 2, 3].map((n) => makeCase(place, n)));
  writer.setVerdict('case 1', 'lung', 'accepted', { author: 'Ada' });
  await writer.addRevision('case 2', 'lung', makeMask(16, 16, 9), {
    author: 'Ada',
    reason: 'replace',
  });
  writer.comment('case 3', 'heart', 'odd', { author: 'Ada' });
  writer.close();
});
afterEach(() => place.remove());

/** Runs SQL on the database without its triggers and foreign keys. */
function tamper(sql: string): void {
  const db = new DatabaseSync(path.join(place.project, 'project.db'), {
    enableForeignKeyConstraints: false,
  });
  const triggers = [
    'revisions_are_immutable',
    'revisions_are_kept',
    'audit_is_immutable',
    'audit_is_kept',
  ];
  // A database without its triggers would not be opened.
  const made = db.prepare("SELECT sql FROM sqlite_schema WHERE type = 'trigger'").all();
  db.exec(triggers.map((name) => `DROP TRIGGER IF EXISTS ${name};`).join(''));
  db.exec(sql);
  db.exec(made.map((row) => `${String((row as { sql: string }).sql)};`).join(''));
  db.close();
}

async function verify(images = false): Promise<string[]> {
  const reader = await openProject(place.project);
  const findings = await reader.verify({ images });
  reader.close();
  return findings.map((item) => `${item.severity}: ${item.message}`);
}

const maskFiles = (): string[] =>
  readdirSync(path.join(place.project, 'labels'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.mask'))
    .map((name) => path.join(place.project, 'labels', name));

describe('verify', () => {
  it('finds nothing in an intact project', async () => {
    expect(await verify(true)).toEqual([]);
  });

  const lung = `(SELECT id FROM structures WHERE name = 'lung')`;
  it.each([
    [
      'an audit row changed',
      `UPDATE audit SET author = 'Eve' WHERE action = 'verdict'`,
      /Row 3 of the audit log/,
    ],
    [
      'an audit detail changed',
      `UPDATE audit SET detail = replace(detail, 'accepted', 'excluded')`,
      /Row 3/,
    ],
    ['an audit row removed', `DELETE FROM audit WHERE sequence = 3`, /lacks 1 row before number 4/],
    [
      'the end of the log cut off',
      `DELETE FROM audit WHERE sequence = 5`,
      /does not end where it should/,
    ],
    [
      'a verdict changed',
      `UPDATE labels SET verdict = 'excluded' WHERE case_id = 1 AND structure_id = ${lung}`,
      /verdict of label "lung" of case "case 1"/,
    ],
    [
      'a verdict added',
      `UPDATE labels SET verdict = 'accepted' WHERE case_id = 3`,
      /verdict of label "heart" of case "case 3"/,
    ],
    [
      'a verdict removed',
      `UPDATE labels SET verdict = NULL`,
      /verdict of label "lung" of case "case 1"/,
    ],
    [
      "a person's revision re-signed",
      `UPDATE revisions SET author = 'Eve' WHERE number = 2`,
      /revision 2 of label "lung" of case "case 2"/,
    ],
    [
      'an imported mask exchanged',
      `UPDATE revisions SET mask = (SELECT mask FROM revisions WHERE case_id = 3 AND structure_id = 1) WHERE case_id = 1 AND structure_id = 1`,
      /imported as rows 1 to 3/,
    ],
    [
      'an image hash changed',
      `UPDATE cases SET image_hash = 'b' WHERE id = 1`,
      /imported as rows 1 to 3/,
    ],
    ['a comment removed', `DELETE FROM comments`, /comments of label "heart" of case "case 3"/],
    [
      'a label set back',
      `UPDATE labels SET revision = 1 WHERE case_id = 2`,
      /does not refer to its newest revision/,
    ],
    [
      'a state changed',
      `UPDATE labels SET state = 'drawn' WHERE case_id = 1`,
      /has a state that its mask contradicts/,
    ],
    [
      'an area changed',
      `UPDATE revisions SET area = area + 1 WHERE case_id = 1 AND structure_id = 1`,
      /recorded size of label "lung" of case "case 1"/,
    ],
    ['a case removed', `DELETE FROM cases WHERE id = 2`, /rows in .* that refer to missing rows/],
  ])('finds %s', async (_, sql, told) => {
    tamper(sql);
    const findings = await verify();
    expect(findings.join('\n')).toMatch(told);
    // Errors come before warnings, such as that of a mask file to which no row refers.
    expect(findings[0]).toMatch(/^error: /);
  });

  it('finds one flipped bit in a mask file, and a missing mask file', async () => {
    const [first, second] = maskFiles();
    if (!first || !second) throw new Error('there are no mask files');
    const bytes = readFileSync(first);
    bytes[bytes.length - 6] ^= 1;
    writeFileSync(first, bytes);
    rmSync(second);
    const findings = (await verify()).join('\n');
    expect(findings).toContain(`The label file ${first} is damaged`);
    expect(findings).toContain(`The label file ${second} is missing`);
    expect(findings).toMatch(/It is label "\w+" of case "case \d"/);
  });

  it('warns of files that nothing refers to', async () => {
    const shard = path.join(place.project, 'labels', 'ab');
    mkdirSync(shard, { recursive: true });
    writeFileSync(path.join(shard, `ab${'0'.repeat(62)}.mask`), 'x');
    writeFileSync(path.join(shard, 'notes.txt'), 'x');
    // A mask file newer than the audit log may belong to a write in progress, so there is no warning yet.
    expect(await verify()).toEqual([expect.stringMatching(/Nothing refers to .*notes\.txt/)]);
    const before = new Date(Date.now() - 3_600_000);
    utimesSync(path.join(shard, `ab${'0'.repeat(62)}.mask`), before, before);
    const findings = await verify();
    expect(findings).toHaveLength(2);
    expect(findings[0]).toMatch(/^warning: Nothing refers to .*ab0000/);
  });

  it('finds changed and missing images, if asked to', async () => {
    writeFileSync(path.join(place.dataset, 'case 1.png'), 'another image');
    rmSync(path.join(place.dataset, 'case 2.png'));
    expect(await verify()).toEqual([]);
    const findings = (await verify(true)).join('\n');
    expect(findings).toMatch(/case 1\.png of case "case 1" is not the one that was imported/);
    expect(findings).toMatch(/case 2\.png of case "case 2" is missing/);
  });

  it('finds a stroke that does not fit, and a damaged database', async () => {
    tamper(`INSERT INTO strokes (case_id, structure_id, base_revision, x, y, width, height, before,
      after, at, author) VALUES (1, 1, 1, 0, 0, 16, 16, x'8002', x'008002', '', 'Ada')`);
    expect((await verify()).join('\n')).toMatch(/drawing on label "lung" of case "case 1"/);
    const file = path.join(place.project, 'project.db');
    const bytes = readFileSync(file);
    bytes.fill(0x55, 4096 * 3, 4096 * 6);
    writeFileSync(file, bytes);
    const told = await verify().catch((error: Error) => [error.message]);
    expect(told.join('\n')).toMatch(/is damaged|disk image|put project.db back/);
  });

  it('reports progress and can be cancelled', async () => {
    const reader = await openProject(place.project);
    const seen: number[] = [];
    await reader.verify({ images: true, onProgress: (done, total) => seen.push(done / total) });
    expect(seen.at(-1)).toBe(1);
    const stop = new AbortController();
    const verifying = reader.verify({ signal: stop.signal, onProgress: () => stop.abort() });
    await expect(verifying).rejects.toMatchObject({ name: 'AbortError' });
    reader.close();
  });

  it('relies on triggers that refuse changes of the history by ordinary SQL', () => {
    const db = new DatabaseSync(path.join(place.project, 'project.db'));
    expect(() => db.exec('UPDATE audit SET author = 1')).toThrow(/append-only/);
    expect(() => db.exec('DELETE FROM audit')).toThrow(/append-only/);
    expect(() => db.exec('UPDATE revisions SET area = 1')).toThrow(/never changes/);
    expect(() => db.exec('DELETE FROM revisions')).toThrow(/never deleted/);
    db.close();
  });
});

describe('canonical JSON', () => {
  it('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: [1, undefined, 'ü'], a: { d: null, c: undefined } })).toBe(
      '{"a":{"d":null},"b":[1,null,"ü"]}',
    );
  });
});

describe('a project of another version', () => {
  const now = newestVersion();
  const next = [
    ...migrations,
    { to: now + 1, sql: `ALTER TABLE cases ADD COLUMN view TEXT; UPDATE cases SET view = 'PA';` },
    { to: now + 2, sql: `CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT;` },
  ];
  const versionOf = (file: string): unknown => {
    const db = new DatabaseSync(path.join(place.project, file));
    const row = { ...(db.prepare('PRAGMA user_version').get() as object) };
    db.close();
    return row;
  };
  /** Puts the same rows into a database made by the released SQL of an older version. */
  const asVersion = (version: number): void => {
    const file = path.join(place.project, 'project.db');
    const old = path.join(place.folder, 'old.db');
    renameSync(file, old);
    const db = new DatabaseSync(file);
    const sql = migrations.filter(({ to }) => to <= version).map((step) => step.sql);
    db.exec(`ATTACH '${old}' AS old; ${sql.join('')}`);
    const tables = db
      .prepare(
        "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
      )
      .all() as { name: string }[];
    for (const { name } of tables) {
      const columns = (
        db.prepare(`SELECT name FROM pragma_table_info('${name}', 'main')`).all() as {
          name: string;
        }[]
      )
        .map((column) => column.name)
        .join(', ');
      db.exec(`INSERT INTO main.${name} (${columns}) SELECT ${columns} FROM old.${name}`);
    }
    db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${version};`);
    db.close();
  };
  const reading = async <T>(work: (project: ProjectReader) => T): Promise<T> => {
    const project = await openProject(place.project);
    try {
      return work(project);
    } finally {
      project.close();
    }
  };
  const backups = (): string[] =>
    readdirSync(place.project).filter((name) => /^project-v.*\.db$/.test(name));

  it('is backed up and migrated if it is older, also for a reader', async () => {
    const reader = await openProject(place.project, next);
    expect(reader.counts.cases).toBe(3);
    expect(await reader.verify()).toEqual([]);
    reader.close();
    expect(versionOf('project.db')).toEqual({ user_version: now + 2 });
    expect(backups()).toHaveLength(1);
    const backup = String(backups()[0]);
    expect(versionOf(backup)).toEqual({ user_version: now });
    // With the backup in place of the database, the project is complete and of the old version.
    rmSync(path.join(place.project, 'project.db'));
    for (const end of ['-wal', '-shm'])
      rmSync(path.join(place.project, `project.db${end}`), { force: true });
    writeFileSync(
      path.join(place.project, 'project.db'),
      readFileSync(path.join(place.project, backup)),
    );
    expect(await verify()).toEqual([]);
    (await openProjectForWriting(place.project, { purpose: 'test' })).close();
    expect(backups()).toHaveLength(1);
  });

  it('is opened with its data and without patients if it is of the first version', async () => {
    const { cases, log } = await reading((project) => ({
      cases: project.cases(),
      log: project.auditLog(),
    }));
    asVersion(1);
    expect(versionOf('project.db')).toEqual({ user_version: 1 });
    const writer = await openProjectForWriting(place.project, { purpose: 'test' });
    expect(writer.cases()).toEqual(cases);
    expect(writer.cases().every(({ patient, study }) => patient === null && study === null)).toBe(
      true,
    );
    expect(writer.auditLog()).toEqual(log);
    await writer.addCases([{ ...makeCase(place, 4), patient: 'P 7', study: 'S 1' }]);
    expect(writer.case('case 4')).toMatchObject({ patient: 'P 7', study: 'S 1' });
    expect(await writer.verify()).toEqual([]);
    writer.close();
    expect(versionOf(String(backups()[0]))).toEqual({ user_version: 1 });
    expect(backups()).toHaveLength(1);
  });

  it('that comes from elsewhere is read from a migrated copy, and nothing is written until it is trusted', async () => {
    const cases = await reading((project) => project.cases());
    asVersion(3);
    const foreign = path.join(place.folder, 'foreign.overread');
    cpSync(place.project, foreign, { recursive: true });
    const files = (): string[] => readdirSync(foreign, { recursive: true }).map(String).sort();
    const before = files();
    const reader = await openProject(foreign);
    expect(reader.cases()).toEqual(cases);
    expect(files()).toEqual(before);
    await expect(openProjectForWriting(foreign, { purpose: 'test' })).rejects.toThrow(
      /until you trust/,
    );
    reader.trust();
    reader.close();
    const writer = await openProjectForWriting(foreign, { purpose: 'test' });
    expect(writer.cases()).toEqual(cases);
    writer.close();
    expect(files().filter((name) => /^project-v3-.*\.db$/.test(name))).toHaveLength(1);
  });

  it('that is the second one opens with its scores, of which the kind of error is unknown', async () => {
    const before = await openProjectForWriting(place.project, { purpose: 'test' });
    const score: LabelScore = {
      ...{ case: 'case 1', structure: 'lung', mask: 'a'.repeat(64), caseScore: 1, learned: 2 },
      ...{ dice: 0.5, disagreement: 0.4, softmin: 0.3, area: 0.2, proposalArea: 0.1 },
      ...{ boundary: -3, boundaryOff: 0.5, kind: 'too-small' },
      place: { x: 0.5, y: 0.4, left: 0.25, top: 0.125, width: 0.5, height: 0.75 },
    };
    before.saveScores('m', [score]);
    expect(before.scores('m')).toEqual([score]);
    before.close();
    asVersion(2);
    const writer = await openProjectForWriting(place.project, { purpose: 'test' });
    expect(writer.scores('m')).toEqual([{ ...score, kind: null, place: null }]);
    expect(rankProject(writer, { model: 'm', per: 'label' })).toMatchObject([
      { case: 'case 1', structure: 'lung', reasons: [{ kind: null, place: null }] },
    ]);
    writer.saveScores('m', [score]);
    expect(writer.scores('m')).toEqual([score]);
    expect(writer.labelsOfKind('m', 'too-small')).toEqual([{ case: 0, structure: 0 }]);
    expect(writer.labelsOfKind('m', 'shifted')).toEqual([]);
    expect(await writer.verify()).toEqual([]);
    writer.close();
    expect(versionOf(String(backups()[0]))).toEqual({ user_version: 2 });
  });

  it('stays as it was if a migration fails, and its lock is released', async () => {
    const broken = [
      ...migrations,
      { to: now + 1, sql: 'CREATE TABLE extra (id); INSERT INTO nowhere VALUES (1);' },
    ];
    await expect(openProjectForWriting(place.project, { purpose: 'test' }, broken)).rejects.toThrow(
      /nowhere/,
    );
    expect(versionOf('project.db')).toEqual({ user_version: now });
    const orphaning = [...migrations, { to: now + 1, sql: 'DELETE FROM cases WHERE id = 1;' }];
    await expect(
      openProjectForWriting(place.project, { purpose: 'test' }, orphaning),
    ).rejects.toThrow(/breaks references/);
    const writer = await openProjectForWriting(place.project, { purpose: 'test' });
    expect(writer.counts.cases).toBe(3);
    expect(await writer.verify()).toEqual([]);
    writer.close();
  });

  it('is refused with a clear message if it is newer', async () => {
    tamper(`PRAGMA user_version = ${now + 1}`);
    const told = new RegExp(
      `made by a newer version of Overread \\(its format is ${now + 1}, this version knows ${now}\\)`,
    );
    await expect(openProject(place.project)).rejects.toThrow(told);
    await expect(openProjectForWriting(place.project, { purpose: 'test' })).rejects.toThrow(told);
    expect(readdirSync(place.project)).not.toContain('lock.json');
  });

  it('is refused if the database is of another application', async () => {
    tamper('PRAGMA application_id = 7');
    await expect(openProject(place.project)).rejects.toThrow(/is not an Overread project/);
  });
});

describe('a network share', () => {
  it('is recognised by the type of its file system', () => {
    expect(networkFilesystem(0x6969)).toBe('NFS');
    // Node gives the type of CIFS as a signed number on some platforms.
    expect(networkFilesystem(0xff534d42 | 0)).toBe('CIFS');
    expect(networkFilesystem(0xef53)).toBeNull();
    const mounts = [
      '/dev/disk3s1 on / (apfs, sealed, local)',
      '//ada@nas/data on /Volumes/data (smbfs, nodev, nosuid)',
    ].join('\n');
    expect(macFilesystem(mounts, '/Volumes/data/x.overread')).toBe('smbfs');
    expect(macFilesystem(mounts, '/Volumes/database')).toBe('apfs');
  });
});
