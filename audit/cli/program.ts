/** The program: every command registered, help and usage errors alike everywhere. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { Session } from './command.ts';
import { registerBenchmark } from './commands/benchmark.ts';
import { registerCreate } from './commands/create.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerEvaluate } from './commands/evaluate.ts';
import { registerExport, registerReport } from './commands/export.ts';
import { registerHistory } from './commands/history.ts';
import { registerRank } from './commands/rank.ts';
import { registerReplace } from './commands/replace.ts';
import { registerScore } from './commands/score.ts';
import { registerSetup } from './commands/setup.ts';
import { registerTrain } from './commands/train.ts';
import { registerVerdict } from './commands/verdict.ts';
import { registerVerify } from './commands/verify.ts';
import { registerOpen, registerServe } from './commands/serve.ts';

/** In the order of `overread --help`: the way a person works. */
const COMMANDS = [
  registerDemo,
  registerOpen,
  registerCreate,
  registerTrain,
  registerScore,
  registerRank,
  registerEvaluate,
  registerVerdict,
  registerReplace,
  registerHistory,
  registerExport,
  registerReport,
  registerServe,
  registerVerify,
  registerSetup,
  registerDoctor,
  registerBenchmark,
];

function version(): string {
  // From dist/audit/cli as from audit/cli: the first package.json on the way up.
  for (const up of ['../../', '../../../']) {
    try {
      const text = readFileSync(new URL(`${up}package.json`, import.meta.url), 'utf8');
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      continue;
    }
  }
  return 'unknown';
}

/** Builds the program around one session. */
export function createProgram(session: Session): Command {
  const program = new Command('overread')
    .description(
      'Finds the bad labels in a segmentation dataset of X-rays and helps to fix them.\n' +
        'For curating datasets, not for diagnosis.',
    )
    .version(version())
    .option('--debug', 'say where an unexpected error happened')
    .option('--quiet', 'draw no progress')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeErr: (text) => session.terminal.say(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, 'overread: ')),
    })
    .addHelpText('after', '\nStart with: overread demo');
  for (const register of COMMANDS) register(program, session);
  for (const command of program.commands) {
    // Anywhere on the line, not only before the command's name.
    command.option('--debug', 'say where an unexpected error happened');
    command.option('--quiet', 'draw no progress');
  }
  return program;
}
