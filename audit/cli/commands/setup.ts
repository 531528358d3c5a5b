/** `overread setup`: fetches the libraries that a backend needs. A machine needs this only once. */
import { Option } from 'commander';
import { UserError } from '../../errors.ts';
import { setUpBackend } from '../../training/backends.ts';
import { BackendName } from '../../../trainer/messages.ts';
import type { Register } from '../command.ts';

export const registerSetup: Register = (program, { terminal, signal }) => {
  program
    .command('setup')
    .description('fetch the libraries for fast training, once (a few hundred megabytes)')
    .addOption(
      new Option('--backend <name>', 'backend to set up')
        .choices(BackendName.options)
        .default('tensorflow'),
    )
    .addHelpText('after', '\nExample:\n  overread setup --backend tensorflow')
    .action(async ({ backend }: { backend: BackendName }) => {
      const why = await setUpBackend(backend, {
        signal,
        onProgress: (progress) => terminal.progress(progress),
        onNotice: (message) => terminal.say(message),
      });
      terminal.endProgress();
      signal.throwIfAborted();
      if (why !== null) throw new UserError(why);
      terminal.say(`${backend} is ready.`);
    });
};
