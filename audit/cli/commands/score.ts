/** `overread score`: scores labels with the networks of the last run, or with another model. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { counted, plural } from '../../contract/words.ts';
import { UsageError, UserError } from '../../errors.ts';
import { scoringRun } from '../../ranking/model.ts';
import { mergeShards } from '../../scoring/parts.ts';
import type { Merged } from '../../scoring/parts.ts';
import { modelHash, scoreProject, scoreShard } from '../../scoring/score.ts';
import type { ScoreOptions } from '../../scoring/score.ts';
import type { ProjectReader } from '../../store/types.ts';
import { RUN_FILES } from '../../../models/run-files.ts';
import { judgingParts } from '../../training/parts.ts';
import { scoreRun } from '../../training/run.ts';
import type { Register, Session } from '../command.ts';
import { shard, wholeNumber } from '../options.ts';
import { readProject, writeProject } from '../project.ts';

interface Options {
  readonly model?: string;
  readonly segmenter?: string;
  readonly shard?: { index: number; count: number };
  readonly out?: string;
  readonly merge?: string[];
  readonly threads?: number;
  readonly json?: boolean;
}

/** The networks to score with, and the model's name in the project: a run's id, or a model's hash. */
async function networks(
  project: ProjectReader,
  options: Options,
): Promise<Pick<ScoreOptions, 'pairs' | 'model'>> {
  if (options.model !== undefined) {
    const qam = resolve(options.model);
    const beside = join(dirname(qam), RUN_FILES.segmenter);
    const own = options.segmenter === undefined ? null : resolve(options.segmenter);
    const segmenter = own ?? (existsSync(beside) ? beside : null);
    return { pairs: [{ qam, segmenter, heldOut: [] }], model: await modelHash(qam) };
  }
  const run = scoringRun(project);
  if (run === null) {
    throw new UserError(
      `${project.folder} has no finished training: run "overread train" first, or give --model.`,
    );
  }
  const parts = await judgingParts(project.runFolder(run.id));
  if (options.shard !== undefined && parts.length > 1) {
    throw new UserError(
      `The training ${run.id} ran in folds, and each fold's networks score their own cases: leave out --shard.`,
    );
  }
  return { pairs: parts[0].pairs, model: run.id };
}

async function scorePart(folder: string, options: Options, session: Session): Promise<void> {
  const part = options.shard;
  if (part === undefined) return;
  const { terminal, signal } = session;
  const out = resolve(options.out ?? `scores-${part.index}-of-${part.count}.jsonl`);
  await readProject(folder, async (project) => {
    const summary = await scoreShard(project, {
      ...(await networks(project, options)),
      signal,
      onProgress: (progress) => terminal.progress(progress),
      ...(options.threads !== undefined && { threads: options.threads }),
      shard: { index: part.index, of: part.count },
      out,
    });
    terminal.endProgress();
    for (const { case: id, reason } of summary.notices) terminal.say(`${id}: ${reason}`);
    if (options.json === true) terminal.print(JSON.stringify({ ...summary, out }));
    else terminal.print(out);
  });
}

/** Lines that say how many scores a merge saved and which parts are still missing. */
function describeMerged({ model, labels, unknown, missing }: Merged): string[] {
  const lines = [`Scores of ${counted(labels, 'label')} by ${model} merged`];
  if (unknown > 0)
    lines.push(`Left out: ${counted(unknown, 'score')} of labels not in the project`);
  if (missing.length > 0) {
    lines.push(`Still missing: ${plural(missing.length, 'part')} ${missing.join(', ')}`);
  }
  return lines;
}

export const registerScore: Register = (program, session) => {
  const { terminal, signal } = session;
  program
    .command('score')
    .description('score the labels that changed, or all of them with another model')
    .argument('<project>', 'the project folder')
    .option('--model <file>', 'a qam.onnx to score with (default: the last training)')
    .option(
      '--segmenter <file>',
      'the segmenter.onnx to compare with (default: the one beside qam.onnx)',
    )
    .option('--shard <i/n>', 'score the i-th of n parts of the cases into a file', shard)
    .option('--out <file>', 'file for the part (default: scores-i-of-n.jsonl)')
    .option('--merge <files...>', 'save the parts that --shard made in the project')
    .option(
      '--threads <n>',
      'worker threads (default: one for each core, at most eight)',
      wholeNumber(1, 256),
    )
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  overread score chest.overread --model other/qam.onnx\n' +
        '  overread score chest.overread --shard 1/4 --out part1.jsonl\n' +
        '  overread score chest.overread --merge part*.jsonl',
    )
    .action(async (folder: string, options: Options) => {
      if (options.out !== undefined && options.shard === undefined) {
        throw new UsageError('--out names the file of a part: give --shard, too.');
      }
      if (options.segmenter !== undefined && options.model === undefined) {
        throw new UsageError('--segmenter belongs to --model: give both.');
      }
      if (options.merge !== undefined) {
        if (options.shard !== undefined) throw new UsageError('Give --shard or --merge, not both.');
        const files = options.merge.map((file) => resolve(file));
        const merged = await writeProject(folder, 'overread score', (project) =>
          mergeShards(project, files),
        );
        if (options.json === true) terminal.print(JSON.stringify(merged));
        else for (const line of describeMerged(merged)) terminal.print(line);
        return;
      }
      if (options.shard !== undefined) return scorePart(folder, options, session);
      await writeProject(folder, 'overread score', async (project) => {
        const onProgress: ScoreOptions['onProgress'] = (progress) => terminal.progress(progress);
        const chosen = await networks(project, options);
        const run = options.model === undefined ? scoringRun(project) : null;
        if (run !== null) {
          const onNotice = (message: string): void => terminal.say(message);
          await scoreRun(project, run, { signal, onProgress, onNotice });
        } else {
          const { notices } = await scoreProject(project, {
            ...chosen,
            signal,
            onProgress,
            ...(options.threads !== undefined && { threads: options.threads }),
          });
          for (const { case: id, reason } of notices) terminal.say(`${id}: ${reason}`);
        }
        terminal.endProgress();
        const labels = project.scores(chosen.model).length;
        if (options.json === true) {
          terminal.print(JSON.stringify({ model: chosen.model, labels }));
        } else {
          const have = plural(labels, 'has', 'have');
          terminal.print(`${counted(labels, 'label')} ${have} a score by ${chosen.model}`);
        }
      });
    });
};
