/** `overread evaluate`: measures how well the ranking finds known errors. */
import { evaluateProject } from '../../ranking/evaluate.ts';
import type { ErrorBelow } from '../../ranking/error-dice.ts';
import { loadTruth } from '../../ranking/truth.ts';
import type { Register } from '../command.ts';
import { errorsSentence, evaluationTable } from '../evaluation.ts';
import { errorBelow } from '../options.ts';
import { readProject } from '../project.ts';

interface Options {
  readonly truth: string;
  readonly errorBelow?: ErrorBelow;
  readonly model?: string;
  readonly json?: boolean;
}

export const registerEvaluate: Register = (program, { terminal }) => {
  program
    .command('evaluate')
    .description('compare the ranking with known errors: AUROC, AUPRC, lift, Spearman')
    .argument('<project>', 'the project folder')
    .requiredOption(
      '--truth <path>',
      'a truth file, a folder with truth.json, or a folder with true masks for each structure',
    )
    .option(
      '--error-below <dice>',
      'labels with a lower dice are errors: one number, or by structure as lung=.95,heart=.90 ' +
        '(default: what a truth file lists, else the reader noise, with AUROC at .95, .90, .85)',
      errorBelow,
    )
    .option(
      '--model <id>',
      'use the scores of this run or model (default: the newest finished run)',
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  overread evaluate chest.overread --truth phantoms' +
        '\n  overread evaluate chest.overread --truth masks --error-below lung=.95,heart=.90',
    )
    .action(async (folder: string, options: Options) => {
      await readProject(folder, async (project) => {
        const asked = options.errorBelow;
        const loaded = await loadTruth(project, options.truth, { errorBelow: asked });
        const rows = evaluateProject(project, loaded.truth, {
          ...(options.model !== undefined && { model: options.model }),
          ...(asked !== undefined && { levels: [] }),
        });
        if (options.json === true) {
          const told = rows.map((row) => ({ ...row, errorBelow: loaded.errorBelow }));
          terminal.print(JSON.stringify(told, null, 1));
          return;
        }
        terminal.print(evaluationTable(rows));
        if (loaded.errorBelow !== null) terminal.print(errorsSentence(loaded.errorBelow));
      });
    });
};
