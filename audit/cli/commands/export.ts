/** `overread export` writes the corrected dataset, `overread report` a report on the labels. */
import { Option } from 'commander';
import { foundInShort } from '../../contract/left.ts';
import { counted } from '../../contract/words.ts';
import { exportDataset } from '../../datasets/export/export.ts';
import { writtenFormats } from '../../datasets/registry.ts';
import { foreseeExport, lossSentence } from '../../datasets/export/losses.ts';
import { UsageError } from '../../errors.ts';
import { evaluateProject } from '../../ranking/evaluate.ts';
import { loadTruth } from '../../ranking/truth.ts';
import { writeReport } from '../../report/report.ts';
import type { Register, Session } from '../command.ts';
import { readProject } from '../project.ts';

interface ReportOptions {
  readonly model?: string;
  /** Path of a truth file or of true masks: the report says how well the ranking finds the errors. */
  readonly truth?: string;
  readonly json?: boolean;
}

interface ExportOptions extends ReportOptions {
  readonly format?: string;
  readonly link?: boolean;
  readonly changedImages?: boolean;
  readonly dryRun?: boolean;
}

/** Prints what an export would write and leave out, and which labels the format cannot keep exactly. */
async function dryRun(folder: string, options: ExportOptions, session: Session): Promise<void> {
  const { terminal, signal } = session;
  const { format, json } = options;
  const outlook = await readProject(folder, (project) =>
    foreseeExport(project, { signal, ...(format !== undefined && { format }) }),
  );
  if (json === true) {
    terminal.print(JSON.stringify(outlook, null, 1));
    return;
  }
  for (const { case: id, structure, pixels } of outlook.losses) {
    terminal.print(`${id}, ${structure}: ${counted(pixels, 'pixel')} would differ`);
  }
  const { cases, found, corrected, excludedCases, excludedLabels } = outlook;
  terminal.print(
    `${counted(cases, 'case')}, ${foundInShort(found)}, ${counted(corrected, 'label')} corrected; left out: ` +
      `${counted(excludedLabels, 'label')}, ${counted(excludedCases, 'whole case')}; ` +
      (lossSentence(outlook) ?? `nothing is lost in the format ${outlook.format}.`),
  );
}

async function report(
  folder: string,
  out: string,
  options: ReportOptions,
  { terminal, signal }: Session,
): Promise<void> {
  const model = options.model === undefined ? {} : { model: options.model };
  const files = await readProject(folder, async (project) => {
    const known = options.truth === undefined ? null : await loadTruth(project, options.truth);
    const evaluation = known && evaluateProject(project, known.truth, model);
    return writeReport(project, out, {
      signal,
      onProgress: (progress) => terminal.progress(progress),
      ...(evaluation && { evaluation }),
      ...model,
    });
  });
  terminal.endProgress();
  if (options.json === true) terminal.print(JSON.stringify(files));
  else terminal.print(`${files.page}\n${files.csv}`);
}

export const registerReport: Register = (program, session) => {
  program
    .command('report')
    .description('write the ranking as CSV and as one HTML page with the worst twenty labels')
    .argument('<project>', 'the project folder')
    .argument('<out>', 'a new folder')
    .option(
      '--truth <path>',
      'a truth file, or a folder of true masks: report how well the ranking finds its errors',
    )
    .option(
      '--model <id>',
      'use the scores of this run or model (default: the newest finished run)',
    )
    .option('--json', 'print the files as JSON')
    .addHelpText('after', '\nExample:\n  overread report chest.overread chest-report')
    .action((folder: string, out: string, options: ReportOptions) =>
      report(folder, out, options, session),
    );
};

export const registerExport: Register = (program, session) => {
  const { terminal, signal } = session;
  const formats = writtenFormats.map(({ name }) => name);
  program
    .command('export')
    .description('write the dataset with the corrected labels, by default in its own format')
    .argument('<project>', 'the project folder')
    .argument('[out]', 'a new folder')
    .addOption(
      new Option('--format <name>', 'the format to write, or the report').choices([
        ...formats,
        'report',
      ]),
    )
    .option(
      '--dry-run',
      'write nothing: say what would be written, and how many pixels the format would change',
    )
    .option('--link', 'link the images instead of copying them')
    .option('--changed-images', 'go on where an image was changed since the import, and say so')
    .option('--truth <path>', 'for the report: a truth file, or a folder of true masks')
    .option('--model <id>', 'for the report: use the scores of this run or model')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  overread export chest.overread chest-corrected')
    .action(async (folder: string, out: string | undefined, options: ExportOptions) => {
      if (out === undefined && options.dryRun !== true) {
        throw new UsageError('Name a new folder for the export, or give --dry-run.');
      }
      if (options.format === 'report') {
        if (out === undefined)
          throw new UsageError('A report has no --dry-run: name a new folder.');
        return report(folder, out, options, session);
      }
      if (options.truth !== undefined || options.model !== undefined) {
        throw new UsageError('--truth and --model need --format report: give it, too.');
      }
      if (out === undefined || options.dryRun === true) return dryRun(folder, options, session);
      const result = await readProject(folder, (project) =>
        exportDataset(project, out, {
          signal,
          onProgress: (progress) => terminal.progress(progress),
          ...(options.format !== undefined && { format: options.format }),
          ...(options.link === true && { link: true }),
          ...(options.changedImages === true && { changedImages: true }),
        }),
      );
      terminal.endProgress();
      if (options.json === true) {
        terminal.print(JSON.stringify(result, null, 1));
        return;
      }
      for (const { file, reason } of result.notices) terminal.say(`${file} ${reason}`);
      const { cases, found, corrected, excludedCases, excludedLabels } = result;
      terminal.print(
        `${result.out}: ${counted(cases, 'case')}, ${foundInShort(found)}, ${counted(corrected, 'label')} corrected; ` +
          `left out: ${counted(excludedLabels, 'label')}, ${counted(excludedCases, 'whole case')}`,
      );
    });
};
