/** Describes the machine for `overread doctor`: tools, GPUs and free disk space. Changes nothing. */
import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../models/folders.ts';

const run = promisify(execFile);

export interface Tool {
  /** The command. */
  readonly name: string;
  /** The first line that `--version` prints, or null if the command is missing or fails. */
  readonly version: string | null;
}

async function tool(name: string, args: readonly string[]): Promise<Tool> {
  try {
    const { stdout, stderr } = await run(name, [...args], { timeout: 10_000 });
    const line = (stdout || stderr).split('\n')[0]?.trim() ?? '';
    return { name, version: line };
  } catch {
    return { name, version: null };
  }
}

/** The first of `commands` that runs; if none does, the first of them, with version null. */
async function firstOf(commands: readonly string[]): Promise<Tool> {
  for (const command of commands) {
    const [name = '', ...args] = command.split(' ');
    const found = await tool(name, [...args, '--version']);
    if (found.version !== null) return found;
  }
  return { name: commands[0] ?? '', version: null };
}

export interface MachineDescription {
  readonly node: string;
  readonly python: Tool;
  readonly pip: Tool;
  readonly compiler: Tool;
  /** Names of the NVIDIA GPUs, as their driver gives them; empty without a driver. */
  readonly gpus: readonly string[];
  /** Absolute path of the folder for the trainer's native parts. */
  readonly cacheFolder: string;
  /** Free bytes on the disk of `cacheFolder`, or null if unknown. */
  readonly free: number | null;
}

/** Free bytes on the disk of `folder`, or null if unknown. `folder` need not exist yet. */
async function freeBytes(folder: string): Promise<number | null> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { bavail, bsize } = await statfs(at);
      return bavail * bsize;
    } catch {
      if (dirname(at) === at) return null;
    }
  }
}

async function nvidiaGpus(): Promise<string[]> {
  try {
    const { stdout } = await run('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], {
      timeout: 10_000,
    });
    return stdout
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}

export async function describeMachine(
  env: NodeJS.ProcessEnv = process.env,
): Promise<MachineDescription> {
  const folder = cacheFolder(env);
  const [python, pip, compiler, gpus, free] = await Promise.all([
    firstOf(['python3', 'python', 'py']),
    firstOf(['pip3', 'pip', 'python3 -m pip', 'python -m pip']),
    firstOf(['g++', 'c++', 'clang++']),
    nvidiaGpus(),
    freeBytes(folder),
  ]);
  return { node: process.version, python, pip, compiler, gpus, cacheFolder: folder, free };
}
