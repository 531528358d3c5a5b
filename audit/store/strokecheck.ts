/** Checks that the strokes of the journal still fit the masks they were drawn on. */
import { emptyMask } from '../imaging/polygon.ts';
import type { Database } from './database.ts';
import type { MaskFiles } from './maskfiles.ts';
import { maskOfBits } from './masks.ts';
import { readStrokes } from './strokerows.ts';
import { applyStrokes } from './strokes.ts';
import type { Finding } from './types.ts';

interface Label {
  case_id: number;
  structure_id: number;
  name: string;
  structure: string;
  width: number;
  height: number;
  mask: string | null;
}

export async function checkStrokes(project: {
  db: Database;
  masks: MaskFiles;
}): Promise<Finding[]> {
  const { db, masks } = project;
  const findings: Finding[] = [];
  const labels = db.all<Label>(
    `SELECT DISTINCT s.case_id, s.structure_id, c.name, t.name AS structure, c.width, c.height,
       r.mask
     FROM strokes s JOIN cases c ON c.id = s.case_id JOIN structures t ON t.id = s.structure_id
     LEFT JOIN labels l ON l.case_id = s.case_id AND l.structure_id = s.structure_id
     LEFT JOIN revisions r
       ON r.case_id = s.case_id AND r.structure_id = s.structure_id AND r.number = l.revision`,
  );
  for (const label of labels) {
    const strokes = readStrokes(db, { caseId: label.case_id, structureId: label.structure_id });
    try {
      const base = label.mask
        ? maskOfBits(await masks.read(label.mask))
        : emptyMask(label.width, label.height);
      applyStrokes(base, strokes);
    } catch (error) {
      findings.push({
        severity: 'error',
        message:
          `The drawing on label "${label.structure}" of case "${label.name}" that is not saved ` +
          `yet cannot be used (${(error as Error).message}): put the project back from a backup.`,
      });
    }
  }
  return findings;
}
