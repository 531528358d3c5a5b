/** Says why an operation on a whole label changed nothing. Pure. */
import type { LabelOperation } from './types.ts';

const WHY: Readonly<Record<LabelOperation, (name: string) => string>> = {
  fill: (name) => `The ${name} has no holes.`,
  largest: (name) => `The ${name} is a single part already.`,
  islands: (name) => `The ${name} has no small islands.`,
  grow: (name) => `The ${name} fills the image already: it cannot grow.`,
  shrink: (name) => `The ${name} is empty: it cannot shrink.`,
  between: (name) => `The ${name} has no parts with a gap between them.`,
  hollow: (name) => `The ${name} is no thicker than the wall already.`,
  outline: (name) => `The outline of the ${name} is smooth already.`,
  smooth: (name) => `The border of the ${name} is smooth already.`,
  clear: (name) => `The ${name} is empty already.`,
  proposal: (name) => `The ${name} is the model’s proposal already.`,
};

/**
 * One sentence for the person who asked for the operation.
 * @param drawn whether the label has any pixel
 * @param masked whether masking keeps pixels of the label from changing
 */
export function unchangedInWords(
  operation: LabelOperation,
  name: string,
  drawn: boolean,
  masked: boolean,
): string {
  if (masked && drawn) return `Nothing changed: masking may protect the ${name} here.`;
  if (drawn || operation === 'proposal' || operation === 'clear') return WHY[operation](name);
  return `The ${name} is empty: draw it first.`;
}
