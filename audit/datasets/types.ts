/** The one interface of every dataset format: what a reader yields and what a writer takes. */
import type { Progress, Structure, Verdict } from '../contract/terms.ts';
import type { GreyImage, Mask } from '../imaging/types.ts';

/** Something left out of an import, or changed on the way in, and why: one sentence for a person. */
export interface ImportNotice {
  /** `left-out`: not imported. `changed`: imported, but not byte for byte (a resampled mask, say). */
  readonly kind: 'left-out' | 'changed';
  readonly file: string;
  readonly reason: string;
}

/** One label as a dataset holds it. */
export interface LabelSource {
  readonly structure: string;
  /** Where it lies, for notices and export; may be shared by several labels (a multi-valued mask). */
  readonly file: string;
  /** Decodes and, where the aspect is the image's, resamples to `image`'s size. */
  read(image: { width: number; height: number }): Promise<{ mask: Mask; notice?: ImportNotice }>;
}

/** One image with its labels, not decoded yet. */
export interface CaseSource {
  readonly id: string;
  readonly imageFile: string;
  readonly split: string | null;
  readonly annotator: string | null;
  /** A structure missing here is absent: nobody drew it. */
  readonly labels: readonly LabelSource[];
  readImage(): Promise<GreyImage>;
}

/** A dataset that was looked at: cheap (names and headers), nothing decoded in bulk. */
export interface DatasetListing {
  readonly format: string;
  readonly root: string;
  readonly structures: readonly Structure[];
  /** Known without decoding: unmatched files, duplicates, wrong names. */
  readonly notices: readonly ImportNotice[];
  readonly cases: readonly CaseSource[];
  /** What a writer needs to give the dataset back in the layout it came in (JSON). */
  readonly layout: unknown;
}

export interface DatasetReader {
  readonly format: string;
  /** Whether `source` looks like this format, and the sentence that says why; null when not. */
  guess(source: string): Promise<{ confidence: number; because: string } | null>;
  open(source: string, options: Readonly<Record<string, unknown>>): Promise<DatasetListing>;
}

/** One label on its way out. */
export interface ExportedLabel {
  readonly structure: string;
  readonly mask: Mask | null;
  readonly verdict: Verdict | null;
  /** True when a person changed it since the import. */
  readonly corrected: boolean;
  readonly sourceFile: string | null;
}

export interface ExportedCase {
  readonly id: string;
  readonly imageFile: string;
  readonly width: number;
  readonly height: number;
  readonly labels: readonly ExportedLabel[];
}

export type OnProgress = (progress: Progress) => void;

export interface DatasetWriter {
  readonly format: string;
  /**
   * Writes into `out`, which must not exist or be empty; nothing is left there on failure.
   * @returns notices of what could not be written exactly.
   */
  write(
    out: string,
    layout: unknown,
    cases: AsyncIterable<ExportedCase>,
    options: { signal?: AbortSignal; onProgress?: OnProgress; total: number },
  ): Promise<ImportNotice[]>;
}
