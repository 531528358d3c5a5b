/** The queue, one case, and pixels: what their routes take and give. */
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

export const CaseSort = z.enum(['rank', 'name', 'verdict']);
/** `none`: no verdict yet. */
export const VerdictFilter = z.enum(['none', ...Verdict.options]);

export const CasesQuery = z.object({
  offset: z.coerce.number().int().nonnegative().max(1e9).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** Part of the case's name, in any case of letters. */
  search: z.string().max(512).default(''),
  sort: CaseSort.default('rank'),
  order: z.enum(['ascending', 'descending']).default('ascending'),
  per: RankPer.default('case'),
  by: RankBy.default('combined'),
  /** A run's id; the newest finished run when left out. */
  run: z.string().max(200).optional(),
  structure: StructureName.optional(),
  verdict: VerdictFilter.optional(),
  /** Only cases of which the dataset says this; empty: of which it says nothing. */
  split: z.string().max(1000).optional(),
  annotator: z.string().max(1000).optional(),
  patient: z.string().max(1000).optional(),
  /** Score range, both ends included; what was never ranked is in no range. */
  min: z.coerce.number().optional(),
  max: z.coerce.number().optional(),
  /** Of an earlier page: the same rows in the same order, with what they are now. A server that no
   *  longer has it answers with the rows of now, and another snapshot. */
  snapshot: z.string().max(100).optional(),
  /** Asks where this case stands; in a queue by label, its label of `findStructure`. */
  find: CaseId.optional(),
  findStructure: StructureName.optional(),
  /** Asks where the first row without a verdict stands, from this place on. */
  findOpen: z.coerce.number().int().nonnegative().optional(),
  /** Mixes blind checks in, and keeps back what the ranking says of them; see `hasBlindChecks`. */
  blind: z.stringbool().default(false),
});
export type CasesQuery = z.input<typeof CasesQuery>;

/**
 * Whether a queue may hold blind checks: worst first, and by nothing that tells what the ranking says
 * of a row (its score; of a case, the structure that it is suspected for).
 */
export function hasBlindChecks(
  query: Pick<z.output<typeof CasesQuery>, 'blind' | 'sort' | 'order' | 'per'> &
    Pick<CasesQuery, 'structure' | 'min' | 'max'>,
): boolean {
  const { blind, sort, order, per, structure, min, max } = query;
  const told =
    min !== undefined || max !== undefined || (per === 'case' && structure !== undefined);
  return blind && sort === 'rank' && order === 'ascending' && !told;
}

/** One row of the queue: a case, or one label of it. */
export const QueueEntry = z.object({
  case: CaseId,
  /** Null in a queue by case. */
  structure: StructureName.nullable(),
  /** Null when not ranked: nothing scored it yet. */
  rank: z.number().int().positive().nullable(),
  score: z.number().nullable(),
  percentile: z.number().nullable(),
  previousRank: z.number().int().positive().nullable(),
  verdict: Verdict.nullable(),
  /** A blind check: rank, score, percentile, earlier rank, expected dice and worst structure are kept back. */
  blind: z.boolean(),
  /** Of the label; of a case, of its label of `worst`. Null where the model was not calibrated. */
  expected: ExpectedDice.nullable(),
  /** True when a label was corrected after it was scored. */
  stale: z.boolean(),
  /** The structure to look at first. */
  worst: StructureName.nullable(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  labels: z.array(
    z.object({ structure: StructureName, state: LabelState, verdict: Verdict.nullable() }),
  ),
  /** Changes when the picture of it does: `v` of the thumbnail. */
  version: z.string(),
});
export type QueueEntry = z.infer<typeof QueueEntry>;

export const CasesPage = z.object({
  offset: z.number().int().nonnegative(),
  /** Entries that the filters leave. */
  total: z.number().int().nonnegative(),
  entries: z.array(QueueEntry),
  /** The model that ranked them; null when nothing did yet. */
  model: z.string().nullable(),
  /** Names the rows and their order as of this answer. */
  snapshot: z.string(),
  /** Place of what `find` or `findOpen` asked for; null when it is not among them. */
  found: z.number().int().nonnegative().nullable(),
});
export type CasesPage = z.infer<typeof CasesPage>;

/** `GET /api/columns/<column>`: what cases can be chosen by. */
export const ColumnQuery = z.object({
  /** Part of the value, in any case of letters. */
  search: z.string().max(512).default(''),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export const Column = z.object({
  column: CaseColumn,
  /** Different values that there are; whatever the search. */
  total: z.number().int().nonnegative(),
  /** Cases of which nothing is known. */
  without: z.number().int().nonnegative(),
  /** Those that the search leaves, as people sort them, up to the limit. */
  values: z.array(z.object({ value: z.string(), cases: z.number().int().positive() })),
});
export type Column = z.infer<typeof Column>;

export const CaseRanks = z.object({
  rank: z.number().int().positive().nullable(),
  score: z.number().nullable(),
  percentile: z.number().nullable(),
  previousRank: z.number().int().positive().nullable(),
});

export const CaseDetailQuery = z.object({
  by: RankBy.default('combined'),
  run: z.string().max(200).optional(),
});

/** Everything about one case but its pixels. */
export const CaseDetail = z.object({
  case: CaseSummary,
  version: z.string(),
  model: z.string().nullable(),
  by: RankBy,
  /** Its place among cases, and each label's place among labels. */
  ranks: CaseRanks,
  labels: z.array(
    z.object({
      structure: StructureName,
      ranks: CaseRanks,
      reasons: LabelReasons.nullable(),
      /** Why it is suspected, in words; empty when nothing stands out. */
      words: z.array(z.string()),
      stale: z.boolean(),
    }),
  ),
  /** Whether the model's proposal, and the quality map, can be had. */
  proposal: z.boolean(),
  quality: z.boolean(),
});
export type CaseDetail = z.infer<typeof CaseDetail>;

/** A well-labelled case that looks like another; null where none can be told. */
export const SimilarCase = z.object({
  case: CaseId.nullable(),
  /** Normalised correlation of the two images, −1 … 1; null with `case`. */
  correlation: z.number().nullable(),
  /** In one sentence, why there is none; null where there is one. */
  because: z.string().nullable(),
});
export type SimilarCase = z.infer<typeof SimilarCase>;

/** Headers that come with pixels. */
export const PIXEL_HEADERS = {
  width: 'overread-width',
  height: 'overread-height',
  bits: 'overread-bits',
  revision: 'overread-revision',
  minimum: 'overread-minimum',
  maximum: 'overread-maximum',
  /** `WindowPresets` as JSON, percent-encoded; missing where the file proposes none. */
  windows: 'overread-windows',
  /** The run or model that a proposal or quality map is of. */
  model: 'overread-model',
  score: 'overread-score',
  /** `1`: the image file is not the one that was imported any more. */
  changed: 'overread-changed',
} as const;

/** raw: a byte a pixel, 0 or 1. bits: eight pixels a byte, the first in the lowest bit. runs:
 *  lengths of runs, the first outside, each an unsigned LEB128. See `packing.ts`. */
export const MaskPacking = z.enum(['raw', 'bits', 'runs']);
export type MaskPacking = z.infer<typeof MaskPacking>;

/** Windows that an image file proposes, in its own samples. */
export const WindowPresets = z.array(
  z.object({ name: z.string(), low: z.number(), high: z.number() }),
);
export type WindowPresets = z.infer<typeof WindowPresets>;

const Version = z.string().max(200).optional();

export const ImageQuery = z.object({
  /** Longest side in pixels of a smaller version, area-averaged. */
  size: z.coerce.number().int().min(16).max(8192).optional(),
  v: Version,
});
export const PictureQuery = z.object({
  size: z.coerce.number().int().min(16).max(2048).default(128),
  /** Outline only this structure. */
  structure: StructureName.optional(),
  /** Also outline what the model proposes, dashed. */
  proposal: z.stringbool().default(false),
  v: Version,
});
export const MaskQuery = z.object({
  revision: z.coerce.number().int().positive().optional(),
  /** With the strokes that no revision holds yet. */
  drawn: z.stringbool().default(false),
  packing: MaskPacking.default('raw'),
  v: Version,
});
export const ProposalQuery = z.object({
  run: z.string().max(200).optional(),
  packing: MaskPacking.default('raw'),
});
export const QualityQuery = z.object({ run: z.string().max(200).optional() });
