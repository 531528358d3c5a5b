/** Requests and responses of the routes for the queue, for one case and for pixels. */
import { z } from 'zod';
import {
  CaseColumn,
  CaseId,
  CaseSummary,
  ExpectedDice,
  LabelKind,
  LabelReasons,
  LabelState,
  RankBy,
  RankNumber,
  RankPer,
  StructureName,
  Verdict,
} from '../terms.ts';
import { RankedBy } from './ranked.ts';

const CaseSort = z.enum(['rank', 'name', 'verdict']);
/** `none` lets through labels or cases without a verdict. */
const VerdictFilter = z.enum(['none', ...Verdict.options]);

export const CasesQuery = z.object({
  offset: z.coerce.number().int().nonnegative().max(1e9).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** Part of the case's name; upper and lower case are the same. */
  search: z.string().max(512).default(''),
  sort: CaseSort.default('rank'),
  order: z.enum(['ascending', 'descending']).default('ascending'),
  per: RankPer.default('case'),
  by: RankBy.default('combined'),
  /** Id of a run, or hash of another model that scored. Default: the newest finished run. */
  run: z.string().max(200).optional(),
  /**
   * Only labels of this structure. In a queue by case: only ranked cases whose worst label is of this
   * structure, and unranked cases that have a label of it.
   */
  structure: StructureName.optional(),
  verdict: VerdictFilter.optional(),
  /**
   * Only labels that seem to have this kind of error. In a queue by case: only cases whose worst label
   * seems to have it.
   */
  kind: LabelKind.optional(),
  /** Only cases of this split; empty: only cases without a split. */
  split: z.string().max(1000).optional(),
  /** Only cases of this annotator; empty: only cases without one. */
  annotator: z.string().max(1000).optional(),
  /** Only cases of this patient; empty: only cases without one. */
  patient: z.string().max(1000).optional(),
  /** Only rows with this score or a higher one; leaves out every row without a score. */
  min: z.coerce.number().optional(),
  /** Only rows with this score or a lower one; leaves out every row without a score. */
  max: z.coerce.number().optional(),
  /**
   * `snapshot` of an earlier page: asks for the same rows in the same order, with present values. If
   * the server no longer has the snapshot, the answer holds the present rows and a new snapshot.
   */
  snapshot: z.string().max(100).optional(),
  /** Asks for the place of this case in the queue; the answer's `found` gives it. */
  find: CaseId.optional(),
  /** In a queue by label, together with `find`: asks for the place of this structure's label. */
  findStructure: StructureName.optional(),
  /** Asks for the place of the first row without a verdict, from this place (counted from 0) on. */
  findOpen: z.coerce.number().int().nonnegative().optional(),
  /** Mixes blind checks into the queue and hides their ranks and scores; see `hasBlindChecks`. */
  blind: z.stringbool().default(false),
});
export type CasesQuery = z.input<typeof CasesQuery>;

/**
 * Whether a queue holds blind checks. It does if the query asks for them, the order is by rank, worst
 * first, and no filter gives away the ranking. A range of scores and a kind of error give it away. So does
 * a structure in a queue by case, because the queue then holds the cases whose worst structure it is.
 */
export function hasBlindChecks(
  query: Pick<z.output<typeof CasesQuery>, 'blind' | 'sort' | 'order' | 'per'> &
    Pick<CasesQuery, 'structure' | 'kind' | 'min' | 'max'>,
): boolean {
  const { blind, sort, order, per, structure, kind, min, max } = query;
  const revealing =
    kind !== undefined ||
    min !== undefined ||
    max !== undefined ||
    (per === 'case' && structure !== undefined);
  return blind && sort === 'rank' && order === 'ascending' && !revealing;
}

/** One row of the queue: a case, or one label of it. */
export const QueueEntry = z.object({
  case: CaseId,
  /** Null in a queue by case. */
  structure: StructureName.nullable(),
  /** From 1, worst first, or null if the row has no score or is a blind check. */
  rank: z.number().int().positive().nullable(),
  /** The number that orders the queue; lower is worse; null if `rank` is null. */
  score: z.number().nullable(),
  /** What `score` is; null if `rank` is null. */
  number: RankNumber.nullable(),
  /** Share of the ranked rows with a lower score, 0 … 1; null if `rank` is null. */
  percentile: z.number().nullable(),
  /** Rank by the run before the one that ranks, or null if there is none or it did not rank the row. */
  previousRank: z.number().int().positive().nullable(),
  verdict: Verdict.nullable(),
  /** Whether the row is a blind check: then every field that the ranking gives is null. */
  blind: z.boolean(),
  /** Expected dice of a label with its interval; null in a queue by case and without a calibration. */
  expected: ExpectedDice.nullable(),
  /** Whether a label of this row was changed after it was scored. */
  stale: z.boolean(),
  /**
   * The structure to look at first: in a queue by label, the label's own. Null for a blind check and for
   * a case without a rank.
   */
  worst: StructureName.nullable(),
  /** `width` and `height` of the image, in pixels. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  labels: z.array(
    z.object({ structure: StructureName, state: LabelState, verdict: Verdict.nullable() }),
  ),
  /** `v` in the address of the row's picture; it changes when the picture changes. */
  version: z.string(),
});
export type QueueEntry = z.infer<typeof QueueEntry>;

export const CasesPage = z.object({
  offset: z.number().int().nonnegative(),
  /** Number of rows that the filters let through. */
  total: z.number().int().nonnegative(),
  entries: z.array(QueueEntry),
  /** The model that ranks, or null if nothing was scored yet. */
  model: z.string().nullable(),
  /** What is known of the ranking; null if nothing was scored yet. */
  ranked: RankedBy.nullable(),
  /** Id of this list of rows and its order; the next query can send it as `snapshot`. */
  snapshot: z.string(),
  /** Place (from 0) of the row that `find` or `findOpen` asks for, or null if there is no such row. */
  found: z.number().int().nonnegative().nullable(),
});
export type CasesPage = z.infer<typeof CasesPage>;

/** `GET /api/columns/<column>` lists the values that a filter can choose. */
export const ColumnQuery = z.object({
  /** Part of the value; upper and lower case are the same. */
  search: z.string().max(512).default(''),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export const ColumnValues = z.object({
  column: CaseColumn,
  /** Number of different values, whatever the search. */
  total: z.number().int().nonnegative(),
  /** Number of cases without a value. */
  without: z.number().int().nonnegative(),
  /** Values that match the search, sorted (numbers by size), up to the limit. */
  values: z.array(
    z.object({
      value: z.string(),
      /** Number of cases with this value. */
      cases: z.number().int().positive(),
    }),
  ),
});
export type ColumnValues = z.infer<typeof ColumnValues>;

/** Fields of `QueueEntry`, with the same meaning. */
export const CaseRanks = z.object({
  rank: z.number().int().positive().nullable(),
  score: z.number().nullable(),
  number: RankNumber.nullable(),
  percentile: z.number().nullable(),
  previousRank: z.number().int().positive().nullable(),
});

export const CaseDetailQuery = z.object({
  by: RankBy.default('combined'),
  /** Id of a run, or hash of another model that scored. Default: the newest finished run. */
  run: z.string().max(200).optional(),
});

/** All facts about one case, without its pixels. */
export const CaseDetail = z.object({
  case: CaseSummary,
  /** `v` in the addresses of the case's pictures; it changes when a picture changes. */
  version: z.string(),
  /** The model that ranks, or null if nothing was scored yet. */
  model: z.string().nullable(),
  /** What is known of the ranking; null if nothing was scored yet. */
  ranked: RankedBy.nullable(),
  by: RankBy,
  /** The case's place in the ranking of cases. */
  ranks: CaseRanks,
  /** Labels that are not absent. */
  labels: z.array(
    z.object({
      structure: StructureName,
      /** The label's place in the ranking of labels. */
      ranks: CaseRanks,
      /** Null if the label has no score. */
      reasons: LabelReasons.nullable(),
      /** Why the label is suspected, in words; empty if nothing stands out. */
      words: z.array(z.string()),
      /** Whether the label was changed after it was scored. */
      stale: z.boolean(),
    }),
  ),
  /** Whether the model can propose labels for this case. */
  proposal: z.boolean(),
  /** Whether the model can make a quality map of this case. */
  quality: z.boolean(),
});
export type CaseDetail = z.infer<typeof CaseDetail>;

/** A well-labelled case whose image is similar to that of the requested case. */
export const SimilarCase = z.object({
  /** The similar case, or null if none was found. */
  case: CaseId.nullable(),
  /** Normalised correlation of the two images, −1 … 1; null if `case` is null. */
  correlation: z.number().nullable(),
  /** One sentence that says why no similar case was found, or null if one was found. */
  because: z.string().nullable(),
});
export type SimilarCase = z.infer<typeof SimilarCase>;

/** Names of the HTTP headers that describe the pixels in a response. */
export const PIXEL_HEADERS = {
  /** Number of columns of the pixels in the body. */
  width: 'overread-width',
  /** Number of rows of the pixels in the body. */
  height: 'overread-height',
  /** Bits of a sample, 1 … 16. A sample of up to 8 bits takes one byte, else two bytes, little-endian. */
  bits: 'overread-bits',
  /** Number of the mask's revision, from 1; 0 if the label has strokes but no revision. */
  revision: 'overread-revision',
  /** The image's smallest sample. */
  minimum: 'overread-minimum',
  /** The image's largest sample. */
  maximum: 'overread-maximum',
  /** `WindowPresets` as JSON, percent-encoded; missing if the file proposes none. */
  windows: 'overread-windows',
  /** The model that made the proposal or quality map. */
  model: 'overread-model',
  /** The QAM's score of the case. */
  score: 'overread-score',
  /** `1` if the image file was changed since the import; else missing. */
  changed: 'overread-changed',
} as const;

/**
 * How a mask is packed. raw: one byte per pixel, 0 or 1. bits: eight pixels per byte, the first in the
 * lowest bit. runs: the lengths of runs of pixels, in turn outside and inside the mask, each an
 * unsigned LEB128.
 */
export const MaskPacking = z.enum(['raw', 'bits', 'runs']);
export type MaskPacking = z.infer<typeof MaskPacking>;

/** Intensity windows that an image file proposes. */
export const WindowPresets = z.array(
  z.object({
    name: z.string(),
    /** The sample that is shown black. */
    low: z.number(),
    /** The sample that is shown white. */
    high: z.number(),
  }),
);
export type WindowPresets = z.infer<typeof WindowPresets>;

/**
 * The version of the content that the client wants. If this is the present version, the browser may
 * keep the answer for good.
 */
const Version = z.string().max(200).optional();

export const ImageQuery = z.object({
  /** Longer side of the area-averaged image, in pixels. Default: the image's own size. */
  size: z.coerce.number().int().min(16).max(8192).optional(),
  v: Version,
});
export const PictureQuery = z.object({
  /** Longer side of the picture, in pixels. */
  size: z.coerce.number().int().min(16).max(2048).default(128),
  /** Outlines only this structure. */
  structure: StructureName.optional(),
  /** Also outlines the model's proposal, dashed. */
  proposal: z.stringbool().default(false),
  v: Version,
});
export const MaskQuery = z.object({
  /** Number of the revision. Default: the newest revision. */
  revision: z.coerce.number().int().positive().optional(),
  /** Also draws the strokes since the newest revision. */
  drawn: z.stringbool().default(false),
  packing: MaskPacking.default('raw'),
  v: Version,
});
export const ProposalQuery = z.object({
  /** Id of a run. Default: the newest finished run. */
  run: z.string().max(200).optional(),
  packing: MaskPacking.default('raw'),
});
export const QualityQuery = z.object({
  /** Id of a run. Default: the newest finished run. */
  run: z.string().max(200).optional(),
});
