import { describe, expect, it } from 'vitest';
import type { Progress } from '../../../audit/contract/terms.ts';
import { createTerminal, formatProgress, formatTable } from '../../../audit/cli/terminal.ts';

function sink(isTTY: boolean) {
  const chunks: string[] = [];
  return { isTTY, columns: 60, write: (text: string) => chunks.push(text), chunks };
}

const progress = (done: number, total = 100, secondsLeft: number | null = null): Progress => ({
  task: 'import',
  message: 'Importing',
  done,
  total,
  secondsLeft,
});

describe('the terminal', () => {
  it('keeps data on standard output and everything else on standard error', () => {
    const [out, err] = [sink(false), sink(false)];
    const terminal = createTerminal(out, err);
    terminal.print('data');
    terminal.say('a notice');
    expect(out.chunks.join('')).toBe('data\n');
    expect(err.chunks.join('')).toBe('a notice\n');
  });

  it('redraws one line of progress in a terminal, never wider than the window', () => {
    const [out, err] = [sink(false), sink(true)];
    let now = 0;
    const terminal = createTerminal(out, err, { now: () => (now += 1000) });
    terminal.progress({ ...progress(1), message: 'x'.repeat(200) });
    terminal.progress(progress(50));
    terminal.say('between');
    const text = err.chunks.join('');
    expect(text.split('\n')).toHaveLength(2);
    for (const chunk of err.chunks) {
      expect(chunk.replace('\r\u001b[2K', '').length).toBeLessThanOrEqual(60);
    }
    expect(text.endsWith('\r\u001b[2Kbetween\n')).toBe(true);
  });

  it('writes a plain line of progress now and then if the output is a pipe', () => {
    const [out, err] = [sink(false), sink(false)];
    let now = 0;
    const terminal = createTerminal(out, err, { now: () => (now += 1000) });
    for (let done = 0; done <= 40; done += 1) terminal.progress(progress(done));
    expect(err.chunks.length).toBeGreaterThan(1);
    expect(err.chunks.length).toBeLessThan(6);
    expect(err.chunks.join('')).not.toContain('\u001b');
  });

  it('estimates the time left from the rate, or takes it from the task if the task knows it', () => {
    expect(formatProgress(progress(25), 10_000, false)).toBe('Importing  25 %  about 30 s left');
    expect(formatProgress(progress(25, 100, 90), 10_000, false)).toContain('about 2 min left');
    expect(formatProgress(progress(0, 0), 10_000, false)).toBe('Importing');
  });

  it('shows the control characters of a name and never obeys them', () => {
    const [out, err] = [sink(true), sink(true)];
    const terminal = createTerminal(out, err);
    const name = 'a\u001b]0;owned\u0007\u009b2J\r\tb';
    terminal.print(JSON.stringify({ name }));
    terminal.print(`${name}\r\nnext`);
    terminal.say(name);
    terminal.progress({ ...progress(1), message: name });
    const written = [...out.chunks, ...err.chunks].join('').replaceAll('\r\u001b[2K', '');
    expect(written).not.toMatch(/(?!\r\n)[^\P{Cc}\t\n]/u);
    expect(JSON.parse(out.chunks[0])).toEqual({ name });
    expect(out.chunks[1]).toBe('a\\u001b]0;owned\\u0007\\u009b2J\\u000d\tb\r\nnext\n');
  });

  it('aligns the columns of a table, with numbers to the right', () => {
    const table = formatTable(
      ['rank', 'case'],
      [
        ['1', 'JPCLN013'],
        ['12', 'b'],
      ],
    );
    expect(table).toBe('rank  case\n   1  JPCLN013\n  12  b');
  });
});
