/** Parsers of option values; a wrong value gives one sentence and the exit code 2. */
import { InvalidArgumentError } from 'commander';
import type { ErrorBelow } from '../ranking/error-dice.ts';

/** Makes a parser of whole numbers from `least` to `most`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
      throw new InvalidArgumentError(`Expected a whole number, ${range}.`);
    }
    return value;
  };
}

/** Makes a parser of numbers from `least` to `most`, both included. */
export function numberBetween(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= least && value <= most)) {
      throw new InvalidArgumentError(`Expected a number from ${least} to ${most}.`);
    }
    return value;
  };
}

/** Parses a list of names, such as `lung,heart`. */
export function nameList(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('Expected names, with commas between.');
  return names;
}

/** Parses one `NAME=FOLDER` and adds it to the pairs in `before`. */
export function namedValue(
  text: string,
  before: readonly (readonly [string, string])[] = [],
): (readonly [string, string])[] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('Expected NAME=FOLDER.');
  return [...before, [text.slice(0, at), text.slice(at + 1)]];
}

/**
 * Parses the value of `--error-below`: one dice for all structures (`0.9`), or a list by name
 * (`lung=.95,heart=.90`).
 */
export function errorBelow(text: string): ErrorBelow {
  const parse = numberBetween(0, 1);
  if (!text.includes('=')) return parse(text);
  const pairs = text.split(',').map((part): [string, number] => {
    const at = part.lastIndexOf('=');
    const name = part.slice(0, Math.max(at, 0)).trim();
    if (name === '') throw new InvalidArgumentError('Expected NAME=DICE, with commas between.');
    return [name, parse(part.slice(at + 1))];
  });
  return Object.fromEntries(pairs);
}

/** Parses the value of `--shard`: `2/4` is the second of four parts. */
export function shard(text: string): { index: number; count: number } {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const index = Number(match?.[1]);
  const count = Number(match?.[2]);
  if (match === null || index < 1 || index > count) {
    throw new InvalidArgumentError('Expected i/n with 1 ≤ i ≤ n, for example 1/4.');
  }
  return { index, count };
}
