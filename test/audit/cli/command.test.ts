import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { explain, runProgram } from '../../../audit/cli/command.ts';
import type { Session } from '../../../audit/cli/command.ts';
import { wholeNumber, namedValue, shard } from '../../../audit/cli/options.ts';
import { createTerminal } from '../../../audit/cli/terminal.ts';
import { UsageError, UserError } from '../../../audit/errors.ts';

async function run(action: () => void, argv: readonly string[] = ['go']) {
  const said: string[] = [];
  const silent = { write: () => true };
  const session: Session = {
    terminal: createTerminal(silent, { write: (text) => said.push(text) }),
    signal: new AbortController().signal,
    env: {},
    interactive: false,
  };
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  program.option('--debug');
  program
    .command('go')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
    .option('--count <n>', '', wholeNumber(1))
    .action(action);
  return { code: await runProgram(program, argv, session), said: said.join('') };
}

function fails(error: unknown) {
  return () => {
    throw error;
  };
}

describe('a command', () => {
  it('ends with exit code 0 when it succeeded, and on --help', async () => {
    expect((await run(() => undefined)).code).toBe(0);
    expect((await run(() => undefined, ['go', '--help'])).code).toBe(0);
  });

  it('ends with exit code 1 and one sentence when it failed', async () => {
    const { code, said } = await run(fails(new UserError('a.png is not an image.')));
    expect(code).toBe(1);
    expect(said).toBe('overread: a.png is not an image.\n');
  });

  it('ends with exit code 2 on wrong usage, found by the parser or by the command', async () => {
    expect((await run(fails(new UsageError('Name one.')))).code).toBe(2);
    expect((await run(() => undefined, ['go', '--unknown'])).code).toBe(2);
    expect((await run(() => undefined, ['go', '--count', '0'])).code).toBe(2);
    expect((await run(() => undefined, ['gone'])).code).toBe(2);
  });

  it('reports a defect in one line, and adds the stack trace only with --debug', async () => {
    const error = new TypeError('x is not a function');
    const { code, said } = await run(fails(error));
    expect(code).toBe(1);
    expect(said.trim().split('\n')).toHaveLength(1);
    const debug = await run(fails(error), ['--debug', 'go']);
    expect(debug.said).toContain('at ');
  });
});

describe('the sentence for a system error', () => {
  it('names the file and what to do', () => {
    const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', path: '/data/labels' });
    expect(explain(full)).toEqual({
      message: '/data/labels: the disk is full: free some space and run the command again.',
      exitCode: 1,
    });
  });
});

describe('option values', () => {
  it('are parsed if they are valid', () => {
    expect(wholeNumber(1)('12')).toBe(12);
    expect(namedValue('lung=C:\\a=b')).toEqual([['lung', 'C:\\a=b']]);
    expect(shard('2/4')).toEqual({ index: 2, count: 4 });
  });

  it('are refused if they are invalid, with a sentence on what was expected', () => {
    for (const text of ['', '-1', '1.5', 'abc', '1e3']) {
      expect(() => wholeNumber(1)(text)).toThrow(/whole number, 1 or more/);
    }
    for (const text of ['0/4', '5/4', '1', 'a/b']) expect(() => shard(text)).toThrow(/1 ≤ i ≤ n/);
    for (const text of ['lung', '=dir', 'lung=']) {
      expect(() => namedValue(text)).toThrow(/NAME=FOLDER/);
    }
  });
});
