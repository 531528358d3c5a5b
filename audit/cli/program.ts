/** Builds the program: its commands, help and usage errors. */
import { Command, Option } from 'commander';
import { LOG_PATHS } from '../log/paths.ts';
import { version } from '../version.ts';
import type { Register, Session } from './command.ts';

/**
 * The commands in the order of `overread --help`: the order in which a person uses them. Only the
 * requested command is loaded, because loading all takes longer than a small command runs.
 */
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  demo: async () => (await import('./commands/demo.ts')).registerDemo,
  open: async () => (await import('./commands/open.ts')).registerOpen,
  create: async () => (await import('./commands/create.ts')).registerCreate,
  train: async () => (await import('./commands/train.ts')).registerTrain,
  score: async () => (await import('./commands/score.ts')).registerScore,
  rank: async () => (await import('./commands/rank.ts')).registerRank,
  left: async () => (await import('./commands/left.ts')).registerLeft,
  evaluate: async () => (await import('./commands/evaluate.ts')).registerEvaluate,
  verdict: async () => (await import('./commands/verdict.ts')).registerVerdict,
  replace: async () => (await import('./commands/replace.ts')).registerReplace,
  history: async () => (await import('./commands/history.ts')).registerHistory,
  export: async () => (await import('./commands/export.ts')).registerExport,
  report: async () => (await import('./commands/export.ts')).registerReport,
  pack: async () => (await import('./commands/pack.ts')).registerPack,
  unpack: async () => (await import('./commands/pack.ts')).registerUnpack,
  relink: async () => (await import('./commands/relink.ts')).registerRelink,
  trust: async () => (await import('./commands/trust.ts')).registerTrust,
  serve: async () => (await import('./commands/serve.ts')).registerServe,
  verify: async () => (await import('./commands/verify.ts')).registerVerify,
  repair: async () => (await import('./commands/repair.ts')).registerRepair,
  setup: async () => (await import('./commands/setup.ts')).registerSetup,
  doctor: async () => (await import('./commands/doctor.ts')).registerDoctor,
  benchmark: async () => (await import('./commands/benchmark.ts')).registerBenchmark,
  'benchmark-page': async () =>
    (await import('./commands/benchmark-page.ts')).registerBenchmarkPage,
};

const DEBUG = 'show where an unexpected error happened';
const QUIET = 'show no progress';

/** The command that the arguments name. For help or a mistyped name: all commands. */
async function commandsOf(argv: readonly string[]): Promise<Register[]> {
  const named = argv.find((argument) => !argument.startsWith('-'));
  const load = named === undefined ? undefined : COMMANDS[named];
  if (load !== undefined) return [await load()];
  return Promise.all(Object.values(COMMANDS).map((one) => one()));
}

/** Builds the program for one session and these arguments. */
export async function createProgram(session: Session, argv: readonly string[]): Promise<Command> {
  const program = new Command('overread')
    .description(
      'Finds the bad labels in a segmentation dataset of X-rays and helps to fix them.\n' +
        'For curating datasets, not for diagnosis.',
    )
    .version(version())
    .option('--debug', DEBUG)
    .option('--quiet', QUIET)
    .option(LOG_PATHS, 'write paths and names to the log, which otherwise leaves them out')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeErr: (text) => session.terminal.say(text.trimEnd()),
      outputError: (text, write) =>
        write(
          text
            .replace(/^error: /, 'overread: ')
            .trim()
            .replaceAll('\n', ' '),
        ),
    })
    .addHelpText('after', '\nStart with: overread demo');
  for (const register of await commandsOf(argv)) register(program, session);
  for (const command of program.commands) {
    // These options may also stand after the command's name.
    command.option('--debug', DEBUG);
    command.option('--quiet', QUIET);
    command.addOption(new Option(LOG_PATHS).hideHelp());
  }
  return program;
}
