/** Types that all of drawing shares. */
import type { Structure } from '../../audit/contract/terms.ts';

export type ToolName =
  | 'pan'
  | 'brush'
  | 'eraser'
  | 'nudge'
  | 'points'
  | 'region'
  | 'click'
  | 'scribble'
  | 'transform'
  | 'polygon'
  | 'wire'
  | 'lasso'
  | 'proposal-lasso'
  | 'ruler';

/** An operation on the whole active label. Each is one step of undo. */
export type LabelOperation =
  | 'fill'
  | 'between'
  | 'largest'
  | 'islands'
  | 'grow'
  | 'shrink'
  | 'smooth'
  | 'outline'
  | 'hollow'
  | 'proposal'
  | 'clear';

/** A point in pixels of the image or of the stage; x to the right, y down. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

/** A place of the pointer, in image pixels. */
export interface PenPoint extends Position {
  /** Pressure of a pen, 0 … 1; null for other pointers. */
  readonly pressure: number | null;
}

/** A rectangle of image pixels; x to the right, y down. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One structure of the case on the stage. */
export interface LabelWork {
  readonly structure: Structure;
  /** The newest mask with every stroke, a byte a pixel, 0 or 1; null if nobody drew it. */
  readonly mask: Uint8Array | null;
  /** The model's mask; null until it is loaded, or without a model. */
  readonly proposal: Uint8Array | null;
  /** Number of strokes since the newest revision. */
  readonly strokes: number;
  /** Number of the newest revision that this window knows of. */
  readonly revision?: number;
  /** Whether these strokes together change no pixel. */
  readonly cancelled?: boolean;
  /** Whether the newest revision has the imported mask; known once its strokes are saved. */
  readonly imported?: boolean;
  visible: boolean;
  /** Opacity of the fill, 0 … 1. */
  fill: number;
  outline: number;
}
