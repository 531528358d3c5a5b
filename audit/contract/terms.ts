/**
 * The terms of the project as schemas (case, label, verdict, rank), the same for HTTP, the command line
 * and files. Pure: imports only zod, so that a browser can load this file.
 */
import { z } from 'zod';

/** A person's judgement of a label. A label that nobody judged has null instead. */
export const Verdict = z.enum(['accepted', 'fixed', 'excluded', 'flagged']);
export type Verdict = z.infer<typeof Verdict>;

/**
 * Kinds of blind check, a row of the queue whose rank and score are hidden. random: a row drawn from
 * further down the ranking. ranked: a row that keeps its place by rank.
 */
export const BlindKind = z.enum(['random', 'ranked']);
export type BlindKind = z.infer<typeof BlindKind>;

/**
 * absent: nobody drew the label, or a person removed it, so the label is neither trained on nor ranked.
 * empty: the label has a mask without a pixel inside. drawn: the mask has pixels inside.
 */
export const LabelState = z.enum(['absent', 'empty', 'drawn']);
export type LabelState = z.infer<typeof LabelState>;

/** A SHA-256 hash as lower-case hexadecimal digits. */
export const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/** A new structure's name: letters of any script, digits, space, `-`, `_`. */
export const STRUCTURE_NAME = /^[\p{L}\p{M}\p{N} _-]{1,64}$/u;

/** The name of a structure. Only new names must match `STRUCTURE_NAME`. */
export const StructureName = z.string().min(1).max(64);

/**
 * How a mask codes a structure: as a pixel value, as a bit of the pixel value, or as a page of the
 * file.
 */
export const Coded = z.object({
  kind: z.enum(['values', 'bits', 'pages']),
  number: z.number().int(),
});
export type Coded = z.infer<typeof Coded>;

/**
 * Colours that colour-blind people can tell apart, also on grey: Okabe and Ito, 2008, without black, and eleven more
 * that differ from each other as much (`test/audit/contract/colours.test.ts`).
 */
export const STRUCTURE_COLOURS = [
  '#56b4e9',
  '#e69f00',
  '#009e73',
  '#f0e442',
  '#cc79a7',
  '#d55e00',
  '#0072b2',
  '#77ffff',
  '#aa2211',
  '#3322ff',
  '#44ddaa',
  '#5588ff',
  '#884466',
  '#66ffaa',
  '#44ddff',
  '#cc0099',
  '#77bb77',
  '#cccc66',
] as const;

/** The longest name of a case, in characters (UTF-16 code units). */
export const MAX_CASE_NAME = 512;
/** A case's name, unique in its project: the stem of its image file, or `folder/stem`. */
export const CaseId = z.string().min(1).max(MAX_CASE_NAME);

/**
 * A file that an import left out or changed. `file` and `reason` make one sentence: the reason
 * continues after the name (“is empty (zero bytes): copy it again.”).
 */
export const ImportNotice = z.object({
  /** `changed`: imported, but not byte for byte, for example a resampled mask. */
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

/** Facts from the dataset about a case; the queue can be filtered by them. */
export const CaseColumn = z.enum(['split', 'annotator', 'patient']);
export type CaseColumn = z.infer<typeof CaseColumn>;

/** One label of one case: its newest revision and verdict. */
export const LabelSummary = z.object({
  structure: StructureName,
  state: LabelState,
  /** Content hash of the newest revision's mask, or null when the label is absent. */
  mask: Hash.nullable(),
  /** Number of the newest revision, from 1; 0 when the label is absent. */
  revision: z.number().int().nonnegative(),
  /** Number of pixels inside the mask, at the image's size. */
  area: z.number().int().nonnegative(),
  verdict: Verdict.nullable(),
  comment: z.string().nullable(),
  /** Whether the mask differs from the imported one: redrawn, added or removed. */
  changed: z.boolean(),
});
export type LabelSummary = z.infer<typeof LabelSummary>;

/**
 * Whether an error was found in a label. This is so if the label was removed, if its verdict is
 * excluded, or if its mask is no longer the imported one and it was accepted or fixed. A redrawn label
 * without a verdict does not count yet, because it is not reviewed. A flagged label does not count until
 * another verdict settles it. A label that was changed back to the imported mask does not count. Every count
 * of errors found follows this rule.
 */
export function isErrorFound({
  state,
  verdict,
  changed,
}: Pick<LabelSummary, 'state' | 'verdict' | 'changed'>): boolean {
  if (state === 'absent') return changed;
  return verdict === 'excluded' || ((verdict === 'accepted' || verdict === 'fixed') && changed);
}

export const CaseSummary = z.object({
  id: CaseId,
  /** `width` and `height` of the image, in pixels. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Bits of a pixel's grey value. */
  bits: z.number().int().min(1).max(16),
  /** Width and height of one pixel in millimetres, or null if unknown. */
  spacing: z.tuple([z.number(), z.number()]).nullable(),
  /** The dataset's name of the split (such as `train`) that the case is in, or null if it names none. */
  split: z.string().nullable(),
  /** Who drew the labels, or null if the dataset does not say. */
  annotator: z.string().nullable(),
  /** The dataset's name of the patient, or null if it names none. */
  patient: z.string().nullable(),
  /** The dataset's name of the examination, or null if it names none. */
  study: z.string().nullable(),
  /** SHA-256 of the image file as it was imported. */
  imageHash: Hash,
  labels: z.array(LabelSummary),
  /** The verdict on the case, derived from those on its labels; see `caseVerdict`. */
  verdict: Verdict.nullable(),
});
export type CaseSummary = z.infer<typeof CaseSummary>;

/**
 * A case's verdict, derived from its labels that are not absent. The first rule that applies decides: null
 * without such labels; `flagged` if one is flagged; null if one has no verdict; `excluded` if all are
 * excluded; `fixed` if one is fixed or excluded; else `accepted`.
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

/** Names of the options that the readers of formats take. The reader of a format explains its options. */
export const ReaderOption = z.enum(['sides', 'manifest', 'labelsFrom']);
export type ReaderOption = z.infer<typeof ReaderOption>;

/** The measure that orders a ranking. */
export const RankBy = z.enum(['learned', 'disagreement', 'softmin', 'combined']);
export type RankBy = z.infer<typeof RankBy>;

/**
 * What the number of a ranked label or case is; lower is worse for each. expected: the dice with the true
 * mask that the model's calibration expects. agreement: the soft dice with the segmenter. learned: the
 * QAM's score. softmin: the soft minimum of the pixels' self-confidence.
 */
export const RankNumber = z.enum(['expected', 'agreement', 'learned', 'softmin']);
export type RankNumber = z.infer<typeof RankNumber>;

export const RankPer = z.enum(['case', 'label']);
export type RankPer = z.infer<typeof RankPer>;

/** The dice of a label with the true mask, as the model's calibration expects it. */
export const ExpectedDice = z.object({
  dice: z.number().min(0).max(1),
  /** `low` and `high` are the ends of an interval that holds the dice with a probability of 90 %. */
  low: z.number().min(0).max(1),
  high: z.number().min(0).max(1),
});
export type ExpectedDice = z.infer<typeof ExpectedDice>;

/** What the difference between a label and the segmenter's proposal looks like; `none`: like no error. */
export const LabelKind = z.enum([
  'too-large',
  'too-small',
  'shifted',
  'part-missing',
  'side-missing',
  'leaked',
  'swapped',
  'other-patient',
  'omitted',
  'invented',
  'ragged',
  'none',
]);
export type LabelKind = z.infer<typeof LabelKind>;

const share = z.number().min(0).max(1);
/** A place in an image, in shares of the image's width and height, from its upper left corner. */
export const Place = z.object({
  /** `x` and `y`: the centre of gravity. */
  x: share,
  y: share,
  /** `left`, `top`, `width` and `height`: the box around it. */
  left: share,
  top: share,
  width: share,
  height: share,
});
export type Place = Readonly<z.infer<typeof Place>>;

/** Why a label is suspected, in numbers. Lengths are pixels at the image's size. */
export const LabelReasons = z.object({
  structure: StructureName,
  /** The expected dice, or null without a segmenter or without a calibration of this structure. */
  expected: ExpectedDice.nullable(),
  /** Dice of the label with the segmenter's proposal, 0 … 1; null without a segmenter. */
  dice: z.number().nullable(),
  /**
   * Area divided by the median area of the project's labels of this structure, both as shares of the
   * image; 1 is typical.
   */
  areaRatio: z.number(),
  /** Robust z-score of the area among the project's labels of this structure. */
  areaZ: z.number(),
  /**
   * Mean distance of the label's boundary from the proposal's boundary; negative where it lies inside the
   * proposal. Null without a segmenter, or if one of the two has no boundary.
   */
  boundary: z.number().nullable(),
  /**
   * Share (0 … 1) of the label's boundary that is more than 2 px (in an image of 256² pixels) away from
   * the proposal's boundary. Null if `boundary` is null.
   */
  boundaryOff: z.number().nullable(),
  /** The learned score of this label; lower is worse. */
  learned: z.number(),
  /** The softmin score of this label, 0 … 1, lower is worse; null without a segmenter. */
  softmin: z.number().nullable(),
  /**
   * The kind of error that the label seems to have; null without a segmenter, or if an earlier version of
   * Overread scored it.
   */
  kind: LabelKind.nullable(),
  /**
   * Where the label and the proposal differ most: the largest component of their difference; null if they
   * are equal, or as for `kind`.
   */
  place: Place.nullable(),
});
export type LabelReasons = z.infer<typeof LabelReasons>;

/** One row of a ranking. `overread rank --format json` prints the rows, worst first. */
export const RankEntry = z.object({
  /** From 1, which is the worst. */
  rank: z.number().int().positive(),
  case: CaseId,
  /** Null in a ranking of cases. */
  structure: StructureName.nullable(),
  /** The value that the ranking is ordered by; lower is worse for every measure. */
  score: z.number(),
  /** What `score` is. */
  number: RankNumber,
  /** Share of the ranked labels (or cases) with a lower score, 0 … 1. */
  percentile: z.number(),
  verdict: Verdict.nullable(),
  /** Rank by the newest earlier run with scores, or null if there is none or it did not rank the row. */
  previousRank: z.number().int().positive().nullable(),
  reasons: z.array(LabelReasons),
});
export type RankEntry = z.infer<typeof RankEntry>;

/** The name of a project's folder. Any other folder counts as a dataset. */
export const PROJECT_NAME = /\.overread[\\/]?$/i;

/** The name of a packed project. */
export const PACK_NAME = /\.overread\.zip$/i;

/** How far a long task has come. */
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
  /** The present step of the task, in words for a person. */
  message: z.string(),
  /** Units of work done, out of `total`. */
  done: z.number().nonnegative(),
  /** All units of work; 0 while the number is unknown. */
  total: z.number().nonnegative(),
  /** Estimated seconds left, or null if unknown. */
  secondsLeft: z.number().nullable(),
});
export type Progress = z.infer<typeof Progress>;
