/** Gives verdicts and takes them back. */
import type { BlindKind, Verdict } from '../contract/terms.ts';
import { UserError } from '../errors.ts';
import { appendAudit } from './audit-log.ts';
import { writeComment } from './comments.ts';
import type { Database } from './database.ts';
import type { StoredLabel } from './label.ts';

interface LabelRow {
  state: string;
  verdict: Verdict | null;
}

/**
 * Sets `verdict` on labels and appends one audit row. Call it inside a transaction.
 * @param targets labels of one case
 * @param wholeCase the person named no structure: absent labels are skipped, and a new verdict
 *   skips labels that have one already, unless `force` is set
 */
export function writeVerdict(
  db: Database,
  targets: readonly StoredLabel[],
  wholeCase: boolean,
  verdict: Verdict | null,
  by: { author: string; comment?: string; force?: boolean; blind?: BlindKind; step?: string },
): void {
  const rows = targets.flatMap((target) => {
    const row = db.get<LabelRow>(
      'SELECT state, verdict FROM labels WHERE case_id = ? AND structure_id = ?',
      target.caseId,
      target.structureId,
    );
    return row && (!wholeCase || row.state !== 'absent') ? [{ target, verdict: row.verdict }] : [];
  });
  if (rows.length === 0) {
    const [first] = targets;
    throw new UserError(
      wholeCase
        ? `Case "${first?.case}" has no label: there is nothing to give a verdict on.`
        : `The label "${first?.structure}" of case "${first?.case}" is absent: there is nothing ` +
            'to give a verdict on.',
    );
  }
  const open = wholeCase && verdict !== null && by.force !== true;
  const meant = open ? rows.filter((row) => row.verdict === null) : rows;
  const changed = meant.filter((row) => row.verdict !== verdict);
  const comment = by.comment?.trim();
  const commented = comment ? (meant.length > 0 ? meant : rows) : [];
  if (changed.length === 0 && commented.length === 0) return;

  for (const { target } of changed) {
    db.run(
      'UPDATE labels SET verdict = ? WHERE case_id = ? AND structure_id = ?',
      verdict,
      target.caseId,
      target.structureId,
    );
  }
  for (const { target } of commented) writeComment(db, target, by.author, comment ?? '');
  appendAudit(db, by.author, 'verdict', {
    case: targets[0]?.case,
    verdict,
    labels: changed.map(({ target, verdict: from }) => ({ structure: target.structure, from })),
    comment: comment || undefined,
    blind: by.blind,
    step: by.step,
    commented: comment ? commented.map(({ target }) => target.structure) : undefined,
  });
}
