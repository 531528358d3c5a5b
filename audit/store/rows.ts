/** Checks that the rows of a project agree with each other. */
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Database } from './database.ts';
import type { Finding } from './types.ts';

interface Label {
  name: string;
  structure: string;
}

const advice = 'put project.db back from a backup.';

/**
 * Queries for labels in a state that is impossible; `what` is the problem as part of a sentence.
 */
const impossible: readonly { sql: string; what: string }[] = [
  {
    what: 'does not refer to its newest revision',
    sql: `WHERE l.revision <> (SELECT max(number) FROM revisions r
            WHERE r.case_id = l.case_id AND r.structure_id = l.structure_id)`,
  },
  {
    what: 'lacks one of its earlier revisions',
    sql: `WHERE l.revision <> (SELECT count(*) FROM revisions r
            WHERE r.case_id = l.case_id AND r.structure_id = l.structure_id)`,
  },
  {
    what: 'has a state that its mask contradicts',
    sql: `JOIN revisions r ON r.case_id = l.case_id AND r.structure_id = l.structure_id
            AND r.number = l.revision
          WHERE l.state <> CASE WHEN r.mask IS NULL THEN 'absent'
            WHEN r.area = 0 THEN 'empty' ELSE 'drawn' END`,
  },
];

export function checkRows(project: { db: Database; folder: string }): Finding[] {
  const { db, folder } = project;
  const findings: Finding[] = [];
  for (const { sql, what } of impossible) {
    for (const label of db.all<Label>(
      `SELECT c.name, t.name AS structure FROM labels l
       JOIN cases c ON c.id = l.case_id JOIN structures t ON t.id = l.structure_id ${sql}`,
    )) {
      findings.push({
        severity: 'error',
        message: `The label "${label.structure}" of case "${label.name}" ${what}: ${advice}`,
      });
    }
  }
  for (const label of db.all<Label>(
    `SELECT DISTINCT c.name, t.name AS structure FROM revisions r
     JOIN cases c ON c.id = r.case_id JOIN structures t ON t.id = r.structure_id
     WHERE NOT EXISTS (SELECT 1 FROM labels l
       WHERE l.case_id = r.case_id AND l.structure_id = r.structure_id)`,
  )) {
    findings.push({
      severity: 'error',
      message: `The label "${label.structure}" of case "${label.name}" has revisions, but no row in the table of labels: ${advice}`,
    });
  }
  for (const { id } of db.all<{ id: string }>("SELECT id FROM runs WHERE status = 'done'")) {
    const runFolder = path.join(folder, 'runs', id);
    if (statSync(runFolder, { throwIfNoEntry: false })?.isDirectory()) continue;
    findings.push({
      severity: 'warning',
      message: `The folder ${runFolder} is missing: its networks are lost; train again.`,
    });
  }
  return findings;
}
