/** One structure of a case on the stage: its pixels, and how it is shown. */
import type { Structure } from '../../audit/contract/terms.ts';
import type { JournalStroke } from './history.ts';
import { maskPyramid } from './pyramid.ts';
import type { LabelWork } from './types.ts';

/** A mask with its smaller versions (`pyramid.ts`). */
export interface MaskPlane {
  readonly mask: Uint8Array;
  readonly levels: readonly Uint8Array[];
}

export const planeOf = (mask: Uint8Array, width: number, height: number): MaskPlane => ({
  mask,
  levels: maskPyramid(mask, width, height),
});

/** How a structure is shown, the same in every case. */
export class LabelLook {
  visible = $state(true);
  fill = $state(0.16);
  outline = $state(1);
}

export class Label implements LabelWork {
  readonly structure: Structure;
  readonly #look: LabelLook;
  /** The mask. Drawing changes it in place; a new object means new content. */
  plane = $state.raw<MaskPlane | null>(null);
  model = $state.raw<MaskPlane | null>(null);
  /** The previous mask (see `LayerData`); null until it is loaded, or if there is none. */
  older = $state.raw<MaskPlane | null>(null);
  strokes = $state(0);
  /** The strokes that the journal held when the mask was loaded, until undo has taken them over. */
  journal: readonly JournalStroke[] = [];
  /** Hash of the newest revision's mask; null if nobody drew the label. */
  hash: string | null;
  revision: number;
  /** A copy of the mask after the last edit. It is made when drawing begins; null before. */
  saved: Uint8Array | null = null;
  /**
   * The mask of the newest revision, copied when drawing begins, or found by taking the journal's strokes back.
   * Null before.
   */
  base: Uint8Array | null = null;
  /** Number of pixels that differ from `base`. */
  differing = $state(0);
  /** Whether the newest revision has the imported mask; false until strokes became a revision. */
  imported = false;

  constructor(
    structure: Structure,
    look: LabelLook,
    newest: { readonly mask: string | null; readonly revision: number },
  ) {
    this.structure = structure;
    this.#look = look;
    this.hash = newest.mask;
    this.revision = newest.revision;
  }

  get mask(): Uint8Array | null {
    return this.plane?.mask ?? null;
  }

  get proposal(): Uint8Array | null {
    return this.model?.mask ?? null;
  }

  get visible(): boolean {
    return this.#look.visible;
  }

  set visible(value: boolean) {
    this.#look.visible = value;
  }

  get fill(): number {
    return this.#look.fill;
  }

  set fill(value: number) {
    this.#look.fill = value;
  }

  get outline(): number {
    return this.#look.outline;
  }

  set outline(value: number) {
    this.#look.outline = value;
  }

  /** Whether all strokes since the newest revision together change no pixel. */
  get cancelled(): boolean {
    return this.strokes > 0 && this.differing === 0 && this.base !== null;
  }

  /** Forgets `base`, because another revision is the newest one. */
  rebase(): void {
    this.base = null;
    this.differing = 0;
  }

  get bytes(): number {
    const planes = [this.plane, this.model, this.older].filter((plane) => plane !== null);
    const copies = (this.saved?.length ?? 0) + (this.base?.length ?? 0);
    return planes.reduce((sum, { mask }) => sum + mask.length * 1.34, copies);
  }
}
