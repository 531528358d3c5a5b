/** `overread rank`: prints the labels or cases, worst first. */
import { Option } from 'commander';
import type { RankedBy } from '../../contract/api.ts';
import { RankBy, RankPer } from '../../contract/terms.ts';
import type { CaseSummary, RankEntry, RankNumber } from '../../contract/terms.ts';
import { foundInShort, leftInWords } from '../../contract/left.ts';
import { NUMBER_COLUMNS, NUMBER_NAMES, rankedNotes } from '../../contract/ranked.ts';
import { decimal } from '../../contract/words.ts';
import { UsageError } from '../../errors.ts';
import { leftOfProject } from '../../ranking/evidence.ts';
import { rankProject, rankedProject } from '../../ranking/rank.ts';
import type { ProjectReader } from '../../store/types.ts';
import type { Register } from '../command.ts';
import { wholeNumber } from '../options.ts';
import { readProject } from '../project.ts';
import { shortReasons } from '../reasons.ts';
import { csvField } from '../../report/escape.ts';
import { formatTable } from '../terminal.ts';

interface Options {
  readonly by: RankBy;
  readonly per: RankPer;
  readonly top?: number;
  readonly model?: string;
  readonly split?: string;
  readonly annotator?: string;
  readonly patient?: string;
  readonly format: 'table' | 'csv' | 'json';
  readonly json?: boolean;
  readonly left?: boolean;
}

/** How the rank changed: `↑ 12` was rank 12 and is worse now, `↓ 3` was rank 3 and is better now. */
function moved({ rank, previousRank }: RankEntry): string {
  if (previousRank === null) return '';
  if (previousRank === rank) return '=';
  return `${previousRank > rank ? '↑' : '↓'} ${previousRank}`;
}

/** The verdicts of a case: `lung excluded` if one label has one, `2 of 3` if several have, else empty. */
export function someVerdicts(labels: CaseSummary['labels']): string {
  const present = labels.filter(({ state }) => state !== 'absent');
  const judged = present.filter(({ verdict }) => verdict !== null);
  if (judged.length === 0) return '';
  if (judged.length === 1) return `${judged[0].structure} ${judged[0].verdict}`;
  return `${judged.length} of ${present.length}`;
}

/** For each case in `entries` that has no verdict as a whole: the text of `someVerdicts`, by its name. */
function verdictsOf(project: ProjectReader, entries: readonly RankEntry[]): Map<string, string> {
  const open = entries.filter(({ structure, verdict }) => structure === null && verdict === null);
  const cases = project.casesOf(open.map((entry) => entry.case));
  return new Map(cases.map(({ id, labels }) => [id, someVerdicts(labels)]));
}

/**
 * The ranking as a table.
 * @param number what the numbers are: the head of their column
 * @param some by name of a case, the verdicts of its labels (`someVerdicts`)
 */
export function rankTable(
  entries: readonly RankEntry[],
  per: RankPer,
  number: RankNumber,
  some: ReadonlyMap<string, string> = new Map(),
): string {
  const before = entries.some(({ previousRank }) => previousRank !== null);
  const header = [
    'rank',
    ...(before ? ['was'] : []),
    'case',
    ...(per === 'label' ? ['structure'] : []),
    NUMBER_NAMES[number],
    'verdict',
    'why',
  ];
  const rows = entries.map((entry) => [
    String(entry.rank),
    ...(before ? [moved(entry)] : []),
    entry.case,
    ...(per === 'label' ? [entry.structure ?? ''] : []),
    decimal(entry.score, 3),
    entry.verdict ?? (per === 'case' ? some.get(entry.case) : undefined) ?? '',
    shortReasons(entry.reasons),
  ]);
  return formatTable(header, rows);
}

/** The kind of error that a row's label seems to have; empty in a ranking of cases, or if it is unknown. */
function kindOf({ structure, reasons }: RankEntry): string {
  return structure === null ? '' : (reasons[0]?.kind ?? '');
}

function rankCsv(entries: readonly RankEntry[], number: RankNumber): string {
  const rows = entries.map((entry) =>
    [
      entry.rank,
      entry.previousRank,
      entry.case,
      entry.structure,
      entry.score,
      entry.percentile,
      entry.verdict,
      kindOf(entry),
      shortReasons(entry.reasons),
    ]
      .map(csvField)
      .join(','),
  );
  const column = NUMBER_COLUMNS[number];
  const header = `rank,previous_rank,case,structure,${column},percentile,verdict,kind,reasons`;
  return [header, ...rows].join('\n');
}

/** The sentences on stderr: what to know of the ranking, and how to take a run that was passed over. */
export function notesOf(ranked: RankedBy): string[] {
  const notes = rankedNotes(ranked).map(({ tone, text }) =>
    tone === 'warning' ? `Warning: ${text}` : text,
  );
  const { passedOver } = ranked;
  if (passedOver !== null)
    notes.push(`To rank by it nevertheless, give --model ${passedOver.run}.`);
  return notes;
}

export const registerRank: Register = (program, { terminal }) => {
  program
    .command('rank')
    .description('print the cases or labels, worst first')
    .argument('<project>', 'the project folder')
    .addOption(
      new Option('--by <measure>', 'rank by this measure')
        .choices(RankBy.options)
        .default('combined'),
    )
    .addOption(
      new Option('--per <unit>', 'rank cases or labels').choices(RankPer.options).default('case'),
    )
    .option('--top <n>', 'print only the worst n', wholeNumber(1))
    .option(
      '--model <id>',
      'use the scores of this run or model (default: the newest finished run that did not collapse)',
    )
    .option(
      '--split <name>',
      "only cases of this split of the dataset ('' for cases without a split)",
    )
    .option('--annotator <name>', 'only cases of this annotator')
    .option('--patient <name>', 'only cases of this patient')
    .addOption(
      new Option('--format <format>', 'format of the output')
        .choices(['table', 'csv', 'json'])
        .default('table'),
    )
    .option('--json', 'the same as --format json')
    .option('--left', 'with --json: add the estimate of the errors left')
    .addHelpText('after', '\nExample:\n  overread rank chest.overread --per label --top 20')
    .action(async (folder: string, options: Options) => {
      const format = options.json === true ? 'json' : options.format;
      if (options.left === true && format !== 'json') {
        throw new UsageError('--left needs --json: add it, or run "overread left".');
      }
      await readProject(folder, async (project) => {
        const model = options.model === undefined ? {} : { model: options.model };
        const { by, per, split, annotator, patient } = options;
        const only = {
          ...(split !== undefined && { split }),
          ...(annotator !== undefined && { annotator }),
          ...(patient !== undefined && { patient }),
        };
        const ranking = rankProject(project, { by, per, only, ...model }).slice(0, options.top);
        const ranked = rankedProject(project, { by, ...model });
        for (const note of notesOf(ranked)) terminal.say(note);
        if (format === 'csv') return terminal.print(rankCsv(ranking, ranked.number));
        if (format === 'table') {
          terminal.print(rankTable(ranking, per, ranked.number, verdictsOf(project, ranking)));
          const left = leftOfProject(project, model);
          return terminal.print(`${foundInShort(left.found)}. ${leftInWords(left)}`);
        }
        const printed =
          options.left === true ? { left: leftOfProject(project, model), ranking } : ranking;
        terminal.print(JSON.stringify(printed, null, 1));
      });
    });
};
