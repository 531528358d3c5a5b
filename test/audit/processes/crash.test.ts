import { describe, expect, it } from 'vitest';
import { crashSentence } from '../../../audit/processes/crash.ts';

const exit = { code: null, signal: null, tail: '', problem: null } as const;

describe('the sentence about a program that ended without a word', () => {
  it('says by which signal, and what that may mean', () => {
    expect(crashSentence('The trainer', { ...exit, signal: 'SIGKILL' })).toBe(
      'The trainer ended unexpectedly by signal SIGKILL (killed, or out of memory).',
    );
  });

  it('quotes the error, not what was logged around it', () => {
    const tail = [
      'I0000 00:00:1795415058.708569   29604 port.cc:153] oneDNN custom operations are on.',
      'RangeError: no such thing',
      '    at work (file.js:1:2)',
    ].join('\n');
    expect(crashSentence('The scorer', { ...exit, code: 1, tail })).toBe(
      'The scorer ended unexpectedly with exit code 1; its last words: RangeError: no such thing.',
    );
  });

  it('quotes no native log as its last words', () => {
    const tail = 'I0000 00:00:1795415058.708569   29604 port.cc:153] oneDNN is on.';
    expect(crashSentence('The trainer', { ...exit, code: 3, tail })).toBe(
      'The trainer ended unexpectedly with exit code 3.',
    );
  });
});
