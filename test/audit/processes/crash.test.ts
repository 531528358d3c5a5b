import { describe, expect, it } from 'vitest';
import { crashSentence } from '../../../audit/processes/crash.ts';

const exit = { code: null, signal: null, tail: '', problem: null } as const;

describe('the message about a program that ended unexpectedly', () => {
  it('names the signal and what it may mean', () => {
    expect(crashSentence('The trainer', { ...exit, signal: 'SIGKILL' })).toBe(
      'The trainer ended unexpectedly by signal SIGKILL (killed, or out of memory).',
    );
  });

  it('quotes the error, not the log lines around it', () => {
    const tail = [
      'I0000 00:00:1795415058.708569   29604 port.cc:153] oneDNN custom operations are on.',
      'RangeError: no such thing',
      '    at work (file.js:1:2)',
    ].join('\n');
    expect(crashSentence('The scorer', { ...exit, code: 1, tail })).toBe(
      'The scorer ended unexpectedly with exit code 1; its last output: RangeError: no such thing.',
    );
  });

  it('does not quote a native log', () => {
    const tail = 'I0000 00:00:1795415058.708569   29604 port.cc:153] oneDNN is on.';
    expect(crashSentence('The trainer', { ...exit, code: 3, tail })).toBe(
      'The trainer ended unexpectedly with exit code 3.',
    );
  });
});
