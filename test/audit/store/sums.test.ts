/** A changed value in any column of any table is found, and what Overread writes keeps the sums right. */
import { cpSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openProject, openProjectForWriting } from '../../../audit/store/project.ts';
import { SUMMED } from '../../../audit/store/sums.ts';
import type { LabelScore } from '../../../audit/store/types.ts';
import { createIn, makeCase, makeMask, makePlace } from './fixture.ts';
import type { Place } from './fixture.ts';

let place: Place;
const by = { author: 'Ada' };

/** Fills every table, changes rows, replaces rows and deletes rows. */
beforeEach(async () => {
  place = makePlace();
  const writer = await createIn(place);
  await writer.addCases([1, 2, 3].map((n) => makeCase(place, n)));
  writer.addImportNotices([{ kind: 'changed', file: 'a.png', reason: 'was “turned”.' }]);
  const run = writer.startRun({ epochs: 1 });
  const score = (dice: number | null): LabelScore => ({
    ...{ case: 'case 1', structure: 'lung', mask: 'a'.repeat(64), caseScore: -1, learned: 1 },
    ...{ dice, disagreement: 0.25, softmin: null, area: 1 / 3, proposalArea: 2, boundary: -1 },
    ...{
      boundaryOff: 1,
      kind: 'shifted',
      place: { x: 0, y: 1, left: 0, top: 0, width: 1, height: 1 },
    },
  });
  writer.saveScores(run.id, [score(0.5)]);
  writer.saveScores(run.id, [score(null)]);
  writer.saveCalibration(run.id, { a: 1 });
  writer.saveCalibration(run.id, { a: [2] });
  writer.endRun(run.id, { status: 'done', summary: { x: 1 } });
  writer.chooseRun(run.id, by);
  writer.setVerdict('case 1', 'lung', 'accepted', { ...by, comment: 'good' });
  writer.setVerdict('case 1', null, null, by);
  await writer.addRevision('case 2', 'lung', makeMask(16, 16, 9), { ...by, reason: 'replace' });
  const stroke = {
    ...{ x: 0, y: 0, width: 1, height: 1 },
    ...{ before: Uint8Array.of(1), after: Uint8Array.of(0, 1) },
    pixels: { before: Uint8Array.of(0), after: Uint8Array.of(1) },
  };
  writer.appendStroke('case 1', 'heart', stroke, by);
  await writer.foldStrokes('case 1', 'heart', by);
  writer.appendStroke('case 3', 'heart', stroke, by);
  expect(() =>
    writer.together(() => {
      writer.comment('case 3', 'lung', 'never', by);
      throw new Error('taken back');
    }),
  ).toThrow('taken back');
  writer.comment('case 3', 'lung', 'odd', by);
  writer.close();
});
afterEach(() => place.remove());

async function verify(folder = place.project): Promise<string> {
  const reader = await openProject(folder);
  const findings = await reader.verify();
  reader.close();
  return findings.map(({ message }) => message).join('\n');
}

/** Runs SQL on a database, without its triggers and checks. */
function tamper(folder: string, sql: string): void {
  const db = new DatabaseSync(path.join(folder, 'project.db'), {
    enableForeignKeyConstraints: false,
  });
  const made = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all() as {
    name: string;
    sql: string;
  }[];
  db.exec('PRAGMA ignore_check_constraints = ON');
  for (const { name } of made) db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
  for (const trigger of made) db.exec(trigger.sql);
  db.close();
}

it('finds nothing in what Overread wrote, also after the project was opened again', async () => {
  expect(await verify()).toBe('');
  const writer = await openProjectForWriting(place.project, { purpose: 'test' });
  writer.setVerdict('case 2', null, 'flagged', by);
  writer.close();
  expect(await verify()).toBe('');
});

/** SQL that changes a value a little, by the type of its column. */
const CHANGES: Readonly<Record<string, (name: string) => string>> = {
  TEXT: (name) => `coalesce("${name}", '') || 'x'`,
  INTEGER: (name) => `coalesce("${name}", 0) + 1`,
  REAL: (name) => `coalesce("${name}", 0) + 0.000001`,
  BLOB: () => `x'0101'`,
};

it('finds one changed value in every column of every table', async () => {
  const db = new DatabaseSync(path.join(place.project, 'project.db'), { readOnly: true });
  const columns = SUMMED.flatMap((table) => {
    const found = db.prepare(`PRAGMA table_info(${table})`).all() as {
      name: string;
      type: string;
      pk: number;
    }[];
    const keys = found.filter(({ pk }) => pk > 0).map(({ name }) => `"${name}"`);
    const first = `(${keys.join(', ')}) = (SELECT ${keys.join(', ')} FROM ${table} LIMIT 1)`;
    return found
      .filter(({ pk }) => pk === 0)
      .map(({ name, type }) => ({
        column: `${table}.${name}`,
        sql: `UPDATE ${table} SET "${name}" = ${CHANGES[type](name)} WHERE ${first}`,
        rows: `SELECT count(*) AS n FROM ${table}`,
      }));
  });
  expect(new Set(columns.map(({ column }) => column.split('.')[0]))).toEqual(new Set(SUMMED));
  for (const { column, rows } of columns) {
    expect([column, db.prepare(rows).get()]).not.toEqual([column, { n: 0 }]);
  }
  db.close();
  const missed: string[] = [];
  for (const [n, { column, sql }] of columns.entries()) {
    const copy = path.join(place.folder, `${n}.overread`);
    cpSync(place.project, copy, { recursive: true });
    tamper(copy, sql);
    const found = await verify(copy).catch((error: Error) => error.message);
    if (found === '') missed.push(column);
  }
  expect(missed).toEqual([]);
}, 120_000);
