/** `overread verify`: whether a project is whole. */
import type { Register } from '../command.ts';
import { counted, plural } from '../../contract/words.ts';
import { UserError } from '../../errors.ts';
import { reading } from '../project.ts';

export const registerVerify: Register = (program, { terminal, signal }) => {
  program
    .command('verify')
    .description('check the audit log, the hashes of labels and images, and the database')
    .argument('<project>', 'the project folder')
    .option('--no-images', 'do not read the images')
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', '\nExample:\n  overread verify chest.overread')
    .action(async (folder: string, options: { images: boolean; json?: boolean }) => {
      const findings = await reading(folder, (project) =>
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
        if (findings.length === 0) terminal.print('Everything is as it should be.');
      }
      if (errors > 0) {
        const what = `${counted(errors, 'thing')} ${plural(errors, 'is', 'are')}`;
        throw new UserError(`${what} wrong in ${folder}: see the list above.`);
      }
    });
};
