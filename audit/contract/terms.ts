/**
 * The terms of the design as schemas: what a case, a label, a verdict and a rank are on every
 * boundary (HTTP, command line, files). Pure: zod and nothing of Node, so a browser can load it.
 */
import { z } from 'zod';

/** What a person said of a label. None yet is `null`. */
export const Verdict = z.enum(['accepted', 'fixed', 'excluded', 'flagged']);
export type Verdict = z.infer<typeof Verdict>;

/** How a label came to be judged without the ranking in sight: as one of the rest, or in its place. */
export const BlindKind = z.enum(['random', 'ranked']);
export type BlindKind = z.infer<typeof BlindKind>;

/** absent: nobody drew it (no loss, no rank). empty: drawn as nothing. drawn: has pixels. */
export const LabelState = z.enum(['absent', 'empty', 'drawn']);
export type LabelState = z.infer<typeof LabelState>;

/** Lower-case hex SHA-256. */
export const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/** A structure's name as a person may give it: letters of any script, digits, space, `-`, `_`. */
export const STRUCTURE_NAME = /^[\p{L}\p{M}\p{N} _-]{1,64}$/u;

/** A structure's name: letters, digits, space, `-`, `_`; never a path. */
export const StructureName = z.string().min(1).max(64);

/** Which value of a multi-valued mask is a structure, or which bit of it, or which page of its file. */
export const Coded = z.object({
  kind: z.enum(['values', 'bits', 'pages']),
  number: z.number().int(),
});
export type Coded = z.infer<typeof Coded>;

/** Distinct to colour-blind eyes and on grey: Okabe and Ito, 2008, without their black. */
export const STRUCTURE_COLOURS = [
  '#56b4e9',
  '#e69f00',
  '#009e73',
  '#f0e442',
  '#cc79a7',
  '#d55e00',
  '#0072b2',
] as const;

/** The longest name of a case, in characters (UTF-16 code units). */
export const MAX_CASE_NAME = 512;
/** A case's name, unique in its project: the stem of its image file, or `folder/stem`. */
export const CaseId = z.string().min(1).max(MAX_CASE_NAME);

/**
 * What an import left out or changed on the way in, and why. `file` and `reason` make one sentence:
 * the reason goes on where the name ends (“is empty (zero bytes): copy it again.”).
 */
export const ImportNotice = z.object({
  /** `left-out`: not imported. `changed`: imported, but not byte for byte (a resampled mask, say). */
  kind: z.enum(['left-out', 'changed']),
  file: z.string(),
  reason: z.string(),
});
export type ImportNotice = Readonly<z.infer<typeof ImportNotice>>;

export const Structure = z.object({
  name: StructureName,
  /** CSS hex colour, `#rrggbb`. */
  colour: z.string().regex(/^#[0-9a-f]{6}$/),
});
export type Structure = z.infer<typeof Structure>;

/** What a dataset may say of a case that cases can be chosen by. */
export const CaseColumn = z.enum(['split', 'annotator', 'patient']);
export type CaseColumn = z.infer<typeof CaseColumn>;

/** One label of one case: its newest revision and verdict. */
export const LabelSummary = z.object({
  structure: StructureName,
  state: LabelState,
  /** Content hash of the current revision's mask; null when absent. */
  mask: Hash.nullable(),
  /** 1 for the imported revision, then counting up; 0 when absent. */
  revision: z.number().int().nonnegative(),
  /** Pixels drawn, at the label's own resolution. */
  area: z.number().int().nonnegative(),
  verdict: Verdict.nullable(),
  comment: z.string().nullable(),
  /** The mask is not the imported one: redrawn, drawn where there was none, or removed. */
  changed: z.boolean(),
});
export type LabelSummary = z.infer<typeof LabelSummary>;

/**
 * Whether an error was found in a label: the label was removed, or it has a verdict and is excluded or
 * no longer the imported mask. A label that was redrawn and has no verdict yet is not reviewed, so it
 * does not count yet. Neither does a flag, nor a change that was changed back. Every count of errors
 * found follows this rule.
 */
export function isErrorFound({
  state,
  verdict,
  changed,
}: Pick<LabelSummary, 'state' | 'verdict' | 'changed'>): boolean {
  if (state === 'absent') return changed;
  return verdict === 'excluded' || (verdict !== null && changed);
}

export const CaseSummary = z.object({
  id: CaseId,
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  bits: z.number().int().min(1).max(16),
  /** Millimetres a pixel, horizontal and vertical, where known. */
  spacing: z.tuple([z.number(), z.number()]).nullable(),
  /** The dataset's own split name, where it has one. */
  split: z.string().nullable(),
  annotator: z.string().nullable(),
  /** Whose image it is, and of which examination, where the dataset says so. */
  patient: z.string().nullable(),
  study: z.string().nullable(),
  /** SHA-256 of the image file as it was imported. */
  imageHash: Hash,
  labels: z.array(LabelSummary),
  /** Derived of the labels' verdicts, see `caseVerdict`. */
  verdict: Verdict.nullable(),
});
export type CaseSummary = z.infer<typeof CaseSummary>;

/**
 * A case's verdict derives from its labels': none while a present label has none; else the most
 * serious of them: flagged, then excluded (only when all are), fixed, accepted.
 */
export function caseVerdict(
  labels: readonly Pick<LabelSummary, 'state' | 'verdict'>[],
): Verdict | null {
  const given = labels.filter((label) => label.state !== 'absent').map((label) => label.verdict);
  if (given.length === 0) return null;
  if (given.includes('flagged')) return 'flagged';
  if (given.includes(null)) return null;
  if (given.every((verdict) => verdict === 'excluded')) return 'excluded';
  if (given.includes('fixed') || given.includes('excluded')) return 'fixed';
  return 'accepted';
}

/** What some formats can be told beside the dataset's folder: see their readers. */
export const ReaderOption = z.enum(['sides', 'manifest', 'labelsFrom']);
export type ReaderOption = z.infer<typeof ReaderOption>;

/** How a ranking is ordered: by which measure. */
export const RankBy = z.enum(['learned', 'disagreement', 'softmin', 'combined']);
export type RankBy = z.infer<typeof RankBy>;

export const RankPer = z.enum(['case', 'label']);
export type RankPer = z.infer<typeof RankPer>;

/** The dice that a label is expected to have with the truth, and what holds it with 90 %. */
export const ExpectedDice = z.object({
  dice: z.number().min(0).max(1),
  low: z.number().min(0).max(1),
  high: z.number().min(0).max(1),
});
export type ExpectedDice = z.infer<typeof ExpectedDice>;

/** Why a label is suspected, in numbers. All lengths in pixels of the label's own resolution. */
export const LabelReasons = z.object({
  structure: StructureName,
  /** Null where the model was not calibrated. */
  expected: ExpectedDice.nullable(),
  /** Dice of the label with the segmenter's proposal, 0 … 1; null without a segmenter. */
  dice: z.number().nullable(),
  /** Area over the cohort's median area of this structure (shares of the image), 1 is typical. */
  areaRatio: z.number(),
  /** Robust z-score of the area in the cohort. */
  areaZ: z.number(),
  /** Mean signed distance of the label's boundary from the proposal's: negative is drawn inside. */
  boundary: z.number().nullable(),
  /** Share of the label's boundary that lies more than 2 px (at 256²) off the proposal's, 0 … 1. */
  boundaryOff: z.number().nullable(),
  /** The learned score of this one label. */
  learned: z.number(),
  softmin: z.number().nullable(),
});
export type LabelReasons = z.infer<typeof LabelReasons>;

/** One row of `rank --format json`: worst first. */
export const RankEntry = z.object({
  rank: z.number().int().positive(),
  case: CaseId,
  structure: StructureName.nullable(),
  /** The value ordered by: lower is worse, whatever the measure. */
  score: z.number(),
  /** Share of the ranked labels (or cases) that score lower, 0 … 1. */
  percentile: z.number(),
  verdict: Verdict.nullable(),
  /** Rank in the run before this one; null where there was none. */
  previousRank: z.number().int().positive().nullable(),
  reasons: z.array(LabelReasons),
});
export type RankEntry = z.infer<typeof RankEntry>;

/** The name of a project's folder: any other folder is taken for a dataset. */
export const PROJECT_NAME = /\.overread[\\/]?$/i;

/** By this ending a packed project is known everywhere. */
export const PACK_NAME = /\.overread\.zip$/i;

/** How far a long task has come, on every boundary. */
export const Progress = z.object({
  task: z.enum([
    'look',
    'import',
    'samples',
    'setup',
    'train',
    'score',
    'export',
    'verify',
    'demo',
    'pack',
    'unpack',
  ]),
  /** What is happening now, for a person. */
  message: z.string(),
  done: z.number().nonnegative(),
  /** 0 while unknown. */
  total: z.number().nonnegative(),
  /** Seconds left, where it can be told. */
  secondsLeft: z.number().nullable(),
});
export type Progress = z.infer<typeof Progress>;
