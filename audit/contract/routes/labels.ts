/** What a person changes: revisions, strokes, comments and verdicts. */
import { z } from 'zod';
import { CaseId, Hash, RankPer, StructureName, Verdict } from '../terms.ts';
import { MaskPacking } from './cases.ts';

export const Revision = z.object({
  number: z.number().int().positive(),
  mask: Hash.nullable(),
  area: z.number().int().nonnegative(),
  author: z.string(),
  at: z.string(),
  reason: z.string(),
  sourceFile: z.string().nullable(),
});
export type Revision = z.infer<typeof Revision>;
export const Revisions = z.object({ revisions: z.array(Revision) });

export const RevisionQuery = z.object({
  packing: MaskPacking.default('raw'),
  reason: z.string().trim().min(1).max(200).default('replace'),
});
export const RestoreRequest = z.object({ revision: z.number().int().positive() });

/** What was drawn in a rectangle: its pixels before and after, as runs (`runs.ts`) in base64. */
export const StrokeRequest = z.object({
  x: z.number().int().nonnegative().max(1e6),
  y: z.number().int().nonnegative().max(1e6),
  width: z.number().int().positive().max(1e6),
  height: z.number().int().positive().max(1e6),
  before: z.base64().max(64_000_000),
  after: z.base64().max(64_000_000),
});
export type StrokeRequest = z.infer<typeof StrokeRequest>;

/** A stroke in the journal. Undo is a stroke with `before` and `after` exchanged. */
export const Stroke = StrokeRequest.extend({
  id: z.number().int(),
  baseRevision: z.number().int().nonnegative(),
  author: z.string(),
  at: z.string(),
});
export type Stroke = z.infer<typeof Stroke>;
export const Strokes = z.object({ strokes: z.array(Stroke) });
export const FoldRequest = z.object({ reason: z.string().trim().min(1).max(200).optional() });
/** Null when nothing was drawn since the last revision. */
export const FoldResult = z.object({ revision: Revision.nullable() });

export const CommentRequest = z.object({ text: z.string().max(10_000) });

export const VerdictRequest = z.object({
  /** `structure` null: all labels of the case that are present and not judged yet. */
  items: z
    .array(z.object({ case: CaseId, structure: StructureName.nullable() }))
    .min(1)
    .max(2000),
  /** Null takes a verdict back. */
  verdict: Verdict.nullable(),
  comment: z.string().max(10_000).optional(),
  /** With `structure` null: also labels that have a verdict already. */
  force: z.boolean().default(false),
  /** They stood in a queue with blind checks, of cases or of labels. */
  blind: RankPer.optional(),
});
export type VerdictRequest = z.input<typeof VerdictRequest>;

/** `undo` takes exactly this step back; the labels that changed are listed. */
export const VerdictResult = z.object({
  undo: z.string().nullable(),
  changed: z.array(
    z.object({ case: CaseId, structure: StructureName, verdict: Verdict.nullable() }),
  ),
});
export type VerdictResult = z.infer<typeof VerdictResult>;

/** Without `undo`: the newest step that was not undone. */
export const UndoRequest = z.object({ undo: z.string().max(200).optional() });
