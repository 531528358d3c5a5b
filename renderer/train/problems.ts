/** Says in words why a value of the training's form is refused. Pure. */
import type { z } from 'zod';

/** For example `at least 1` or `a whole number`, to follow “Epochs: ”. */
export function problemInWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small') {
    return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
  }
  if (issue.code === 'too_big') {
    return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`;
  }
  if (issue.code !== 'invalid_type') return issue.message;
  return issue.expected === 'int' ? 'a whole number' : 'a number is needed';
}
