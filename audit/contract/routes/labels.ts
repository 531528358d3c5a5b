/** What the routes of revisions, strokes, comments and verdicts take and give. */
import { z } from 'zod';
import { CaseId, Hash, RankPer, StructureName, Verdict } from '../terms.ts';
import { MaskPacking } from './cases.ts';

/** One revision of a label that the address names. */
export const RevisionInfo = z.object({
  /** From 1 within the label. */
  number: z.number().int().positive(),
  /** Content hash of the mask, or null if the revision made the label absent. */
  mask: Hash.nullable(),
  /** Pixels inside. */
  area: z.number().int().nonnegative(),
  author: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
  /** What made it: `import`, `replace`, `stroke`, `restore`, `remove` … */
  reason: z.string(),
  /** The imported label file, or null if a person made the revision. */
  sourceFile: z.string().nullable(),
});
export type RevisionInfo = z.infer<typeof RevisionInfo>;
/** Oldest first. */
export const Revisions = z.object({ revisions: z.array(RevisionInfo) });

/** Adds the mask in the body as a revision. */
export const RevisionQuery = z.object({
  packing: MaskPacking.default('raw'),
  reason: z.string().trim().min(1).max(200).default('replace'),
});
/** Adds an earlier revision's mask as a new revision. */
export const RestoreRequest = z.object({ revision: z.number().int().positive() });

/** What a stroke changed in a rectangle of the mask; all lengths in pixels. */
export const StrokeRequest = z.object({
  /** The rectangle's left column, from 0. */
  x: z.number().int().nonnegative().max(1e6),
  /** The rectangle's top row, from 0. */
  y: z.number().int().nonnegative().max(1e6),
  width: z.number().int().positive().max(1e6),
  height: z.number().int().positive().max(1e6),
  /** The rectangle before the stroke, as runs (`runs.ts`) in base64. */
  before: z.base64().max(64_000_000),
  /** The rectangle after the stroke, likewise. */
  after: z.base64().max(64_000_000),
});
export type StrokeRequest = z.infer<typeof StrokeRequest>;

/** A stroke in the journal. Undo is a stroke with `before` and `after` exchanged. */
export const StrokeInfo = StrokeRequest.extend({
  id: z.number().int(),
  /** The revision under the strokes, from 1, or 0 if the label was absent. */
  baseRevision: z.number().int().nonnegative(),
  author: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
});
export type StrokeInfo = z.infer<typeof StrokeInfo>;
/** In the order they were drawn. */
export const Strokes = z.object({ strokes: z.array(StrokeInfo) });
/** Makes one revision of the strokes. */
export const FoldRequest = z.object({ reason: z.string().trim().min(1).max(200).optional() });
export const FoldResult = z.object({
  /** Null if nothing was drawn since the last revision. */
  revision: RevisionInfo.nullable(),
});

/** An empty text removes the comment. */
export const CommentRequest = z.object({ text: z.string().max(10_000) });

export const VerdictRequest = z.object({
  /** `structure` null stands for the case's labels that are present and have no verdict. */
  items: z
    .array(z.object({ case: CaseId, structure: StructureName.nullable() }))
    .min(1)
    .max(2000),
  /** Null removes the verdict. */
  verdict: Verdict.nullable(),
  /** Default: the comment stays. */
  comment: z.string().max(10_000).optional(),
  /** With `structure` null: also judges labels that have a verdict. */
  force: z.boolean().default(false),
  /** The kind of queue, if it held blind checks. */
  blind: RankPer.optional(),
});
export type VerdictRequest = z.input<typeof VerdictRequest>;

export const VerdictResult = z.object({
  /** Id that `UndoRequest` takes, or null if there is nothing to undo. */
  undo: z.string().nullable(),
  /** The labels that changed, with their present verdict. */
  changed: z.array(
    z.object({ case: CaseId, structure: StructureName, verdict: Verdict.nullable() }),
  ),
});
export type VerdictResult = z.infer<typeof VerdictResult>;

export const UndoRequest = z.object({
  /** `VerdictResult.undo`. Default: the newest step that was not undone. */
  undo: z.string().max(200).optional(),
});
