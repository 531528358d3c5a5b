/** `overread history`: prints who changed what and when, in the whole project or in one case. */
import type { Register } from '../command.ts';
import { readProject } from '../project.ts';
import { requireCase } from '../../review/verdicts.ts';
import type { AuditEntry, ProjectReader } from '../../store/types.ts';
import { concerns, describeRow } from '../history.ts';
import { formatTable } from '../terminal.ts';
import { wholeNumber } from '../options.ts';

const PAGE = 1000;

const time = (iso: string): string => iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z');

/** The newest `last` rows for which `wanted` is true, oldest first. */
function rowsOf(
  project: ProjectReader,
  last: number | undefined,
  wanted: (row: AuditEntry) => boolean,
): AuditEntry[] {
  let rows: AuditEntry[] = [];
  for (let after = 0; ;) {
    const page = project.auditLog({ after, limit: PAGE });
    rows.push(...page.filter(wanted));
    if (last !== undefined) rows = rows.slice(-last);
    if (page.length < PAGE) return rows;
    after = page[page.length - 1].sequence;
  }
}

/** The history of one case: the import of its labels, then every change. */
function caseTable(project: ProjectReader, id: string, last: number | undefined): string {
  const { id: name, labels } = requireCase(project, id);
  const imported = labels.flatMap(({ structure }) => {
    const [first] = project.revisions(name, structure);
    if (first?.reason !== 'import') return [];
    return [{ ...first, what: `${structure} revision ${first.number}, ${first.area} px` }];
  });
  const rows = [
    ...imported.map(({ at, author, what }) => [time(at), author, 'import', what]),
    ...rowsOf(project, last, (row) => concerns(row, name)).map((row) => [
      time(row.at),
      row.author,
      row.action,
      describeRow(row, { withCase: false }),
    ]),
  ];
  return formatTable(
    ['when', 'who', 'what', 'detail'],
    last === undefined ? rows : rows.slice(-last),
  );
}

export const registerHistory: Register = (program, { terminal }) => {
  program
    .command('history')
    .description('print who changed what in the project or in one case, oldest first')
    .argument('<project>', 'the project folder')
    .argument('[case]', 'the name of a case')
    .option('--last <n>', 'print only the newest n changes', wholeNumber(1))
    .option('--json', "print JSON: the log, or the revisions of the case's labels")
    .addHelpText('after', '\nExample:\n  overread history chest.overread JPCLN013')
    .action(async (folder: string, id: string | undefined, options) => {
      const { last, json } = options as { last?: number; json?: boolean };
      await readProject(folder, async (project) => {
        if (id !== undefined) {
          if (json !== true) return terminal.print(caseTable(project, id, last));
          const summary = requireCase(project, id);
          const revisions = summary.labels.flatMap(({ structure }) =>
            project.revisions(summary.id, structure),
          );
          const shown = last === undefined ? revisions : revisions.slice(-last);
          return terminal.print(JSON.stringify(shown));
        }
        const rows = rowsOf(project, last, () => true);
        if (json === true) return terminal.print(JSON.stringify(rows));
        const cells = rows.map((row) => [
          String(row.sequence),
          time(row.at),
          row.author,
          row.action,
          describeRow(row),
        ]);
        terminal.print(formatTable(['no.', 'when', 'who', 'what', 'detail'], cells));
      });
    });
};
