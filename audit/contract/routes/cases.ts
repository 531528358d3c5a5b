/** What the routes of the queue, of one case and of pixels take and give. */
import { z } from 'zod';
import {
  CaseColumn,
  CaseId,
  CaseSummary,
  ExpectedDice,
  LabelReasons,
  LabelState,
  RankBy,
  RankPer,
  StructureName,
  Verdict,
} from '../terms.ts';

const CaseSort = z.enum(['rank', 'name', 'verdict']);
/** `none`: no verdict yet. */
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
  /** Only this structure's labels; by case: where it is the worst, or present in unranked cases. */
  structure: StructureName.optional(),
  verdict: VerdictFilter.optional(),
  /** Only cases of this split; empty: only cases without a split. */
  split: z.string().max(1000).optional(),
  /** Only cases of this annotator; empty: only cases without one. */
  annotator: z.string().max(1000).optional(),
  /** Only cases of this patient; empty: only cases without one. */
  patient: z.string().max(1000).optional(),
  /** The lowest score, included. Leaves out every row without a score. */
  min: z.coerce.number().optional(),
  /** The highest score, included. Leaves out every row without a score. */
  max: z.coerce.number().optional(),
  /** `snapshot` of an earlier page: asks for the same rows in the same order, with present values.
   *  If the server no longer has it, the answer holds the present rows and another snapshot. */
  snapshot: z.string().max(100).optional(),
  /** Asks for the place of this case. */
  find: CaseId.optional(),
  /** In a queue by label: asks for the place of this label of the case `find`. */
  findStructure: StructureName.optional(),
  /** Asks for the first row without a verdict, from this place on, counted from 0. */
  findOpen: z.coerce.number().int().nonnegative().optional(),
  /** Mixes in blind checks and hides their ranks and scores; see `hasBlindChecks`. */
  blind: z.stringbool().default(false),
});
export type CasesQuery = z.input<typeof CasesQuery>;

/**
 * Whether a queue holds blind checks. It does if it is ordered by rank, worst first, and no filter
 * gives away the ranking: neither a score range nor, by case, the worst structure.
 */
export function hasBlindChecks(
  query: Pick<z.output<typeof CasesQuery>, 'blind' | 'sort' | 'order' | 'per'> &
    Pick<CasesQuery, 'structure' | 'min' | 'max'>,
): boolean {
  const { blind, sort, order, per, structure, min, max } = query;
  const revealing =
    min !== undefined || max !== undefined || (per === 'case' && structure !== undefined);
  return blind && sort === 'rank' && order === 'ascending' && !revealing;
}

/** One row of the queue: a case, or one label of it. */
export const QueueEntry = z.object({
  case: CaseId,
  /** Null in a queue by case. */
  structure: StructureName.nullable(),
  /** From 1, worst first, or null before the row was scored. */
  rank: z.number().int().positive().nullable(),
  /** Lower is worse; null as `rank`. */
  score: z.number().nullable(),
  /** Share of the ranked rows with a lower score, 0 … 1; null as `rank`. */
  percentile: z.number().nullable(),
  /** Rank by the run before this one, or null if there was none. */
  previousRank: z.number().int().positive().nullable(),
  verdict: Verdict.nullable(),
  /** A blind check: every field that the ranking gives is null. */
  blind: z.boolean(),
  /** Expected dice of the label (by case: of the label `worst`), or null without a calibration. */
  expected: ExpectedDice.nullable(),
  /** Whether a label was corrected after it was scored. */
  stale: z.boolean(),
  /** The structure to look at first. */
  worst: StructureName.nullable(),
  /** Of the image, in pixels. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  labels: z.array(
    z.object({ structure: StructureName, state: LabelState, verdict: Verdict.nullable() }),
  ),
  /** `v` of the thumbnail: changes with the picture. */
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
  /** Id of the rows and their order in this answer: `snapshot` of the next query. */
  snapshot: z.string(),
  /** Place from 0 of the row that `find` or `findOpen` asked for, or null if it is not there. */
  found: z.number().int().nonnegative().nullable(),
});
export type CasesPage = z.infer<typeof CasesPage>;

/** `GET /api/columns/<column>`: the values that a filter can choose. */
export const ColumnQuery = z.object({
  /** Part of the value; upper and lower case are the same. */
  search: z.string().max(512).default(''),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export const ColumnValues = z.object({
  column: CaseColumn,
  /** Number of different values, whatever the search. */
  total: z.number().int().nonnegative(),
  /** Cases without a value. */
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

/** As in `QueueEntry`. */
export const CaseRanks = z.object({
  rank: z.number().int().positive().nullable(),
  score: z.number().nullable(),
  percentile: z.number().nullable(),
  previousRank: z.number().int().positive().nullable(),
});

export const CaseDetailQuery = z.object({
  by: RankBy.default('combined'),
  /** Id of a run, or hash of another model that scored. Default: the newest finished run. */
  run: z.string().max(200).optional(),
});

/** Everything about one case but its pixels. */
export const CaseDetail = z.object({
  case: CaseSummary,
  /** `v` of its pictures: changes with the picture. */
  version: z.string(),
  /** The model that ranks, or null if nothing was scored yet. */
  model: z.string().nullable(),
  by: RankBy,
  /** The case's place among the cases. */
  ranks: CaseRanks,
  /** Labels that are not absent. */
  labels: z.array(
    z.object({
      structure: StructureName,
      /** The label's place among the labels. */
      ranks: CaseRanks,
      /** Null if the label has no score. */
      reasons: LabelReasons.nullable(),
      /** Why the label is suspected, in words; empty if nothing stands out. */
      words: z.array(z.string()),
      /** Whether the label was corrected after it was scored. */
      stale: z.boolean(),
    }),
  ),
  /** Whether the model can propose labels for this case. */
  proposal: z.boolean(),
  /** Whether the model has a quality map of this case. */
  quality: z.boolean(),
});
export type CaseDetail = z.infer<typeof CaseDetail>;

/** A well-labelled case that looks like the one asked for. */
export const SimilarCase = z.object({
  /** Null if there is none. */
  case: CaseId.nullable(),
  /** Normalised correlation of the two images, −1 … 1; null as `case`. */
  correlation: z.number().nullable(),
  /** One sentence that says why there is none, or null if there is one. */
  because: z.string().nullable(),
});
export type SimilarCase = z.infer<typeof SimilarCase>;

/** Headers that come with pixels. */
export const PIXEL_HEADERS = {
  /** Columns of the pixels in the body. */
  width: 'overread-width',
  /** Rows of the pixels in the body. */
  height: 'overread-height',
  /** Bits of a sample, 1 … 16: up to 8 fill a byte, more fill two, little-endian. */
  bits: 'overread-bits',
  /** Number of the mask's revision, from 1; 0 if only strokes drew it. */
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
 * How a mask is packed. raw: a byte a pixel, 0 or 1. bits: eight pixels a byte, the first in the
 * lowest bit. runs: lengths of runs in turn outside and inside, each an unsigned LEB128.
 */
export const MaskPacking = z.enum(['raw', 'bits', 'runs']);
export type MaskPacking = z.infer<typeof MaskPacking>;

/** Windows that an image file proposes. */
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

/** Names the content: if it is the present one, the browser may keep the answer for good. */
const Version = z.string().max(200).optional();

export const ImageQuery = z.object({
  /** Longer side of the area-averaged image, in pixels. Default: the image's own size. */
  size: z.coerce.number().int().min(16).max(8192).optional(),
  v: Version,
});
export const PictureQuery = z.object({
  /** Longer side, in pixels. */
  size: z.coerce.number().int().min(16).max(2048).default(128),
  /** Outlines only this structure. */
  structure: StructureName.optional(),
  /** Also outlines the model's proposal, dashed. */
  proposal: z.stringbool().default(false),
  v: Version,
});
export const MaskQuery = z.object({
  /** Default: the newest revision. */
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
