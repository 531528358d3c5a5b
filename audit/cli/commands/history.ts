/** `overread history`: who changed what, when; and the revisions of one case's labels. */
import type { Register } from '../command.ts';
import { reading } from '../project.ts';
import { requireCase } from '../../review/verdicts.ts';
import type { AuditRow, Revision } from '../../store/types.ts';
import { formatTable } from '../terminal.ts';
import { wholeNumber } from '../options.ts';

const PAGE = 1000;

const time = (iso: string): string => iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z');

function describeDetail(detail: unknown): string {
  if (typeof detail !== 'object' || detail === null) return JSON.stringify(detail ?? '');
  return Object.entries(detail)
    .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)])
    .map(([key, text]) => `${key} ${text !== undefined && text.length > 60 ? '…' : (text ?? '')}`)
    .join(', ');
}

function describeRevision(revision: Revision): string[] {
  const { structure, number, at, author, reason, mask, area } = revision;
  const what = mask === null ? 'absent' : `${area} px`;
  return [structure, String(number), time(at), author, reason, what];
}

export const registerHistory: Register = (program, { terminal }) => {
  program
    .command('history')
    .description('print who changed what, oldest first; of one case: the revisions of its labels')
    .argument('<project>', 'the project folder')
    .argument('[case]', 'the name of a case')
    .option('--last <n>', 'only the newest n changes', wholeNumber(1))
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  overread history chest.overread JPCLN013')
    .action(async (folder: string, id: string | undefined, options) => {
      const { last, json } = options as { last?: number; json?: boolean };
      await reading(folder, async (project) => {
        if (id !== undefined) {
          const summary = requireCase(project, id);
          const revisions = summary.labels.flatMap(({ structure }) =>
            project.revisions(summary.id, structure),
          );
          const shown = last === undefined ? revisions : revisions.slice(-last);
          if (json === true) terminal.print(JSON.stringify(shown));
          else {
            const header = ['structure', 'revision', 'when', 'who', 'why', 'what'];
            terminal.print(formatTable(header, shown.map(describeRevision)));
          }
          return;
        }
        let rows: AuditRow[] = [];
        for (let after = 0; ;) {
          const page = project.auditLog({ after, limit: PAGE });
          rows.push(...page);
          if (last !== undefined) rows = rows.slice(-last);
          if (page.length < PAGE) break;
          after = page[page.length - 1].sequence;
        }
        if (json === true) terminal.print(JSON.stringify(rows));
        else {
          const cells = rows.map(({ sequence, at, author, action, detail }) => [
            String(sequence),
            time(at),
            author,
            action,
            describeDetail(detail),
          ]);
          terminal.print(formatTable(['no.', 'when', 'who', 'what', 'detail'], cells));
        }
      });
    });
};
