/**
 * What the report of a benchmark shows, as data: its page, its Markdown and the window are made of
 * it. Text is text; the only pictures are small PNGs, the only drawings are paths. Pure.
 */
import { z } from 'zod';
import { FilePath } from './routes/common.ts';

/** The folder of a benchmark's results. */
export const BenchmarkQuery = z.object({ folder: FilePath });

export const ReportTable = z.object({
  /** The first column holds command lines. */
  commands: z.boolean().optional(),
  title: z.string(),
  note: z.string(),
  header: z.array(z.string()),
  rows: z.array(z.array(z.string())),
});
export type ReportTable = z.infer<typeof ReportTable>;

/** Values on one axis, a row each. */
export const ReportDots = z.object({
  title: z.string(),
  note: z.string(),
  /** Values that the axis names, and how, from its one end to the other. */
  axis: z.array(z.object({ value: z.number(), text: z.string() })).min(2),
  rows: z.array(
    z.object({
      label: z.string(),
      dots: z.array(
        z.object({
          name: z.string(),
          tone: z.enum(['ours', 'part', 'rival']),
          value: z.number(),
          /** Over the seeds. */
          lowest: z.number(),
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
      /** By epoch, from 1. */
      values: z.array(z.number().nullable()),
    }),
  ),
});
export type ReportChart = z.infer<typeof ReportChart>;

/** How the QAM changed the loss in one cell. */
export const ReportCurves = z.object({
  title: z.string(),
  method: z.string(),
  /** Epochs before the QAM joined. */
  warmUp: z.number().int().nonnegative(),
  charts: z.array(ReportChart),
});
export type ReportCurves = z.infer<typeof ReportCurves>;

/** Closed polygons as SVG path data: moves, lines and closings, nothing else. */
export const OutlinePath = z.string().regex(/^(?:M-?[\d.]+ -?[\d.]+(?:L-?[\d.]+ -?[\d.]+)*Z)*$/);

/** A test case as one segmenter draws it. */
export const DrawnCase = z.object({
  id: z.string(),
  image: z.string().regex(/^data:image\/png;base64,[A-Za-z0-9+/]+=*$/),
  structures: z.array(
    z.object({
      name: z.string(),
      truth: OutlinePath,
      predicted: OutlinePath,
      dice: z.number().min(0).max(1),
    }),
  ),
});
export type DrawnCase = z.infer<typeof DrawnCase>;

/** The same test cases by several methods. */
export const ReportOutlines = z.object({
  title: z.string(),
  /** Of the pictures, in pixels: what the paths are in. */
  size: z.number().int().positive(),
  methods: z.array(z.object({ name: z.string(), cases: z.array(DrawnCase) })).min(1),
});
export type ReportOutlines = z.infer<typeof ReportOutlines>;

export const BenchmarkReport = z.object({
  /** `name: what it is`, a line each. */
  methods: z.array(z.string()),
  dots: z.array(ReportDots),
  tables: z.array(ReportTable),
  /** Of which seed the curves are. */
  seed: z.number().int().nullable(),
  curves: z.array(ReportCurves),
  outlines: z.array(ReportOutlines),
});
export type BenchmarkReport = z.infer<typeof BenchmarkReport>;
