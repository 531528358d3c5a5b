/** `overread verify`: checks that a project is intact. */
import type { Register } from '../command.ts';
import { counted } from '../../contract/words.ts';
import { UserError } from '../../errors.ts';
import { readProject } from '../project.ts';

export const registerVerify: Register = (program, { terminal, signal }) => {
  program
    .command('verify')
    .description('check that the audit log, the labels, the images and the database are intact')
    .argument('<project>', 'the project folder')
    .option('--no-images', 'do not read the images')
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', '\nExample:\n  overread verify chest.overread')
    .action(async (folder: string, options: { images: boolean; json?: boolean }) => {
      const findings = await readProject(folder, (project) =>
        project.verify({
          images: options.images,
          signal,
          onProgress: (done, total) =>
            terminal.progress({
              task: 'verify',
              message: 'Verifying',
              done,
              total,
              secondsLeft: null,
            }),
        }),
      );
      terminal.endProgress();
      const errors = findings.filter(({ severity }) => severity === 'error').length;
      if (options.json === true) terminal.print(JSON.stringify(findings, null, 1));
      else {
        for (const { severity, message } of findings) terminal.print(`${severity}: ${message}`);
        if (findings.length === 0) terminal.print('The project is intact.');
      }
      if (errors > 0) {
        throw new UserError(`${folder} has ${counted(errors, 'error')}: see the list above.`);
      }
    });
};
