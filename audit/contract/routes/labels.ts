/** Requests and responses of the routes for revisions, strokes, comments and verdicts. */
import { z } from 'zod';
import { CaseId, Hash, RankPer, StructureName, Verdict } from '../terms.ts';
import { MaskPacking } from './cases.ts';

/** One revision of the label that the request's address names. */
export const RevisionInfo = z.object({
  /** Number of the revision within its label, from 1. */
  number: z.number().int().positive(),
  /** Content hash of the mask, or null if the revision made the label absent. */
  mask: Hash.nullable(),
  /** Number of pixels inside the mask. */
  area: z.number().int().nonnegative(),
  author: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
  /** The change that made the revision: `import`, `replace`, `stroke`, `restore`, `remove` … */
  reason: z.string(),
  /** Path of the file that the mask was read from, or null if it was not read from a file. */
  sourceFile: z.string().nullable(),
});
export type RevisionInfo = z.infer<typeof RevisionInfo>;
/** Oldest first. */
export const Revisions = z.object({ revisions: z.array(RevisionInfo) });

/** The query of a request whose body is a mask: the server adds the mask as a revision. */
export const RevisionQuery = z.object({
  packing: MaskPacking.default('raw'),
  reason: z.string().trim().min(1).max(200).default('replace'),
});
/** Asks the server to add the mask of an earlier revision as a new revision. */
export const RestoreRequest = z.object({ revision: z.number().int().positive() });

/** The change that a stroke made in a rectangle of the mask; all lengths in pixels. */
/** The most characters of one side of a stroke, in base64. */
export const STROKE_SIDE = 64_000_000;

export const StrokeRequest = z.object({
  /** The rectangle's left column, from 0. */
  x: z.number().int().nonnegative().max(1e6),
  /** The rectangle's top row, from 0. */
  y: z.number().int().nonnegative().max(1e6),
  width: z.number().int().positive().max(1e6),
  height: z.number().int().positive().max(1e6),
  /** The rectangle before the stroke, as runs (`runs.ts`) in base64. */
  before: z.base64().max(STROKE_SIDE),
  /** The rectangle after the stroke, coded like `before`. */
  after: z.base64().max(STROKE_SIDE),
});
export type StrokeRequest = z.infer<typeof StrokeRequest>;

/** A stroke in the label's journal. An undo is a stroke with `before` and `after` exchanged. */
export const StrokeInfo = StrokeRequest.extend({
  id: z.number().int(),
  /** Number of the revision that the stroke changes, from 1, or 0 if the label has no revision. */
  baseRevision: z.number().int().nonnegative(),
  author: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
});
export type StrokeInfo = z.infer<typeof StrokeInfo>;
/** Oldest first. */
export const Strokes = z.object({ strokes: z.array(StrokeInfo) });
/** Asks the server to turn a label's strokes into one revision. */
export const FoldRequest = z.object({ reason: z.string().trim().min(1).max(200).optional() });
export const FoldResult = z.object({
  /** The new revision, or null if nothing was drawn since the last revision. */
  revision: RevisionInfo.nullable(),
  /** Whether the mask of `revision` differs from the imported one; true without a revision. */
  changed: z.boolean().default(true),
});

/** The new comment on a label; an empty text removes the comment. */
export const CommentRequest = z.object({ text: z.string().max(10_000) });

/** A verdict on some labels. */
const VerdictPart = z.object({
  /**
   * An item with `structure` null stands for all labels of the case that are present and have no
   * verdict.
   */
  items: z
    .array(z.object({ case: CaseId, structure: StructureName.nullable() }))
    .min(1)
    .max(2000),
  /** The new verdict; null removes the present one. */
  verdict: Verdict.nullable(),
  /** Whether items with `structure` null also stand for labels that have a verdict. */
  force: z.boolean().default(false),
});

export const VerdictRequest = VerdictPart.extend({
  /** Verdicts of the same moment, given after the first one. All of them are kept, or none is. */
  also: z.array(VerdictPart).max(8).default([]),
  /** The new comment. Default: the present comment stays. */
  comment: z.string().max(10_000).optional(),
  /** If the verdict was given in a queue with blind checks: whether that queue is by case or by label. */
  blind: RankPer.optional(),
  /**
   * `VerdictResult.undo` of an earlier request, if both are one step of the person: an undo takes both back.
   */
  step: z.string().max(200).optional(),
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
  /** `VerdictResult.undo` of the step to undo. Default: the newest step that was not undone. */
  undo: z.string().max(200).optional(),
});
