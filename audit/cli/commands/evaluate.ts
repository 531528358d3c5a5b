/** `overread evaluate`: measures how well the ranking finds known errors. */
import { evaluateProject } from '../../ranking/evaluate.ts';
import { loadTruth } from '../../ranking/truth.ts';
import type { Register } from '../command.ts';
import { evaluationTable } from '../evaluation.ts';
import { readProject } from '../project.ts';

interface Options {
  readonly truth: string;
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
      '--model <id>',
      'use the scores of this run or model (default: the newest finished run)',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  overread evaluate chest.overread --truth phantoms')
    .action(async (folder: string, options: Options) => {
      await readProject(folder, async (project) => {
        const truth = await loadTruth(project, options.truth);
        const rows = evaluateProject(project, truth, {
          ...(options.model !== undefined && { model: options.model }),
        });
        if (options.json === true) terminal.print(JSON.stringify(rows, null, 1));
        else terminal.print(evaluationTable(rows));
      });
    });
};
