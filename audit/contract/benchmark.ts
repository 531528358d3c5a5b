/**
 * A benchmark's report as data. The web page, the Markdown and the window show this data. Strings are
 * plain text, pictures are small PNGs, and outlines are SVG paths. Pure.
 */
import { z } from 'zod';
import { FilePath } from './routes/common.ts';

export const BenchmarkQuery = z.object({
  /** The folder of a benchmark's results. */
  folder: FilePath,
});

export const ReportTable = z.object({
  /** Whether the first column holds command lines. */
  commands: z.boolean().optional(),
  title: z.string(),
  note: z.string(),
  header: z.array(z.string()),
  rows: z.array(z.array(z.string())),
});
export type ReportTable = z.infer<typeof ReportTable>;

/** A dot plot: rows of values on one axis. */
export const ReportDots = z.object({
  title: z.string(),
  note: z.string(),
  /** Ticks of the axis and their texts, from one end of the axis to the other. */
  axis: z.array(z.object({ value: z.number(), text: z.string() })).min(2),
  rows: z.array(
    z.object({
      label: z.string(),
      dots: z.array(
        z.object({
          name: z.string(),
          tone: z.enum(['ours', 'part', 'rival']),
          /** The mean of the values of all seeds. */
          value: z.number(),
          /** The lowest value of all seeds. */
          lowest: z.number(),
          /** The highest value of all seeds. */
          highest: z.number(),
        }),
      ),
    }),
  ),
});
export type ReportDots = z.infer<typeof ReportDots>;

const ReportChart = z.object({
  title: z.string(),
  note: z.string(),
  series: z.array(
    z.object({
      name: z.string(),
      tone: z.enum(['clean', 'damaged', 'all']),
      dashed: z.boolean(),
      /** By epoch, from epoch 1; null in an epoch without a value. */
      values: z.array(z.number().nullable()),
    }),
  ),
});
export type ReportChart = z.infer<typeof ReportChart>;

/** How the QAM's weights changed the loss in one cell (one combination of noise, method and seed). */
export const ReportCurves = z.object({
  title: z.string(),
  method: z.string(),
  /** Epochs before the QAM joined. */
  warmUp: z.number().int().nonnegative(),
  charts: z.array(ReportChart),
});
export type ReportCurves = z.infer<typeof ReportCurves>;

/** Closed polygons as SVG path data with the commands M, L and Z only. */
const OutlinePath = z.string().regex(/^(?:M-?[\d.]+ -?[\d.]+(?:L-?[\d.]+ -?[\d.]+)*Z)*$/);

/** A test case with its true outlines and those that one segmenter predicted. */
export const DrawnCase = z.object({
  id: z.string(),
  /** A PNG as a data URL. */
  image: z.string().regex(/^data:image\/png;base64,[A-Za-z0-9+/]+=*$/),
  structures: z.array(
    z.object({
      name: z.string(),
      truth: OutlinePath,
      predicted: OutlinePath,
      /** Dice of `predicted` with `truth`, 0 … 1. */
      dice: z.number().min(0).max(1),
    }),
  ),
});
export type DrawnCase = z.infer<typeof DrawnCase>;

/** The same test cases, segmented by several methods. */
export const ReportOutlines = z.object({
  title: z.string(),
  /** Side of the square pictures in pixels; the paths use the same unit. */
  size: z.number().int().positive(),
  methods: z.array(z.object({ name: z.string(), cases: z.array(DrawnCase) })).min(1),
});
export type ReportOutlines = z.infer<typeof ReportOutlines>;

export const BenchmarkReport = z.object({
  /** `name: description`, a line for each method. */
  methods: z.array(z.string()),
  dots: z.array(ReportDots),
  tables: z.array(ReportTable),
  /** The seed of the trainings in `curves`, or null if there are no curves. */
  seed: z.number().int().nullable(),
  curves: z.array(ReportCurves),
  outlines: z.array(ReportOutlines),
});
export type BenchmarkReport = z.infer<typeof BenchmarkReport>;
