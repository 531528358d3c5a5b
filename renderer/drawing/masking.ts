/** Masking: pixels on one side of other structures keep what they had, whatever the person does. */
import type { Rect } from './types.ts';

/** Where a label may change, next to the other structures. Null: everywhere. */
export type Masking =
  /** Outside of every other structure. */
  | { readonly side: 'outside'; readonly structure: null }
  | { readonly side: 'inside' | 'outside'; readonly structure: string }
  | null;

/** Pixels may change where `mask` has the value `open`. */
export interface Guard {
  readonly mask: Uint8Array;
  readonly open: 0 | 1;
}

/** The guards that a masking makes for a label of this name. A structure that nobody drew has no inside. */
export function guardsFor(
  masking: Masking,
  name: string,
  labels: readonly {
    readonly structure: { readonly name: string };
    readonly mask: Uint8Array | null;
  }[],
): Guard[] {
  if (!masking || masking.structure === name) return [];
  return labels
    .filter(({ structure }) => structure.name !== name)
    .filter(({ structure }) => masking.structure === null || masking.structure === structure.name)
    .flatMap(({ mask }) => {
      if (mask) return [{ mask, open: masking.side === 'inside' ? (1 as const) : (0 as const) }];
      return masking.side === 'inside' ? [{ mask: new Uint8Array(0), open: 1 as const }] : [];
    });
}

/** Gives the pixels of the rectangle that no guard leaves open the values of `before`. */
export function keepGuarded(
  mask: Uint8Array,
  before: Uint8Array,
  guards: readonly Guard[],
  width: number,
  { x, y, width: across, height }: Rect,
): void {
  for (const { mask: other, open } of guards) {
    for (let row = y; row < y + height; row += 1) {
      const end = row * width + x + across;
      for (let i = row * width + x; i < end; i += 1) {
        if (other[i] !== open) mask[i] = before[i];
      }
    }
  }
}
