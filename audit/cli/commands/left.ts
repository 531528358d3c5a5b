/** `overread left`: estimates how many errors are left, and says what the blind checks found. */
import { foundInShort, leftInWords, randomInWords, rankedInWords } from '../../contract/left.ts';
import type { Left } from '../../contract/api.ts';
import { leftOfProject } from '../../ranking/evidence.ts';
import type { Register } from '../command.ts';
import { readProject } from '../project.ts';

/** Sentences about the errors found and left, and about the blind checks if there are any. */
function describeLeft(left: Left): string[] {
  const checked = left.random.labels + left.ranked.labels > 0;
  return [
    `${foundInShort(left.found)}. ${leftInWords(left)}`,
    ...(checked ? [randomInWords(left), rankedInWords(left)] : []),
  ];
}

export const registerLeft: Register = (program, { terminal }) => {
  program
    .command('left')
    .description('estimate how many errors are left among the labels without a verdict')
    .argument('<project>', 'the project folder')
    .option(
      '--model <id>',
      'use the scores of this run or model (default: the newest finished run)',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  overread left chest.overread')
    .action(async (folder: string, options: { model?: string; json?: boolean }) => {
      const { model, json } = options;
      await readProject(folder, (project) => {
        const left = leftOfProject(project, model === undefined ? {} : { model });
        if (json === true) terminal.print(JSON.stringify(left, null, 1));
        else for (const line of describeLeft(left)) terminal.print(line);
      });
    });
};
