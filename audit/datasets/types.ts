/** The one interface of every dataset format: what a reader yields and what a writer takes. */
import type {
  Coded,
  ImportNotice,
  Progress,
  ReaderOption,
  Structure,
  Verdict,
} from '../contract/terms.ts';
import type { GreyImage, Mask } from '../imaging/types.ts';

/** One label as a dataset holds it. */
export interface LabelSource {
  readonly structure: string;
  /** Where it lies, for notices and export; may be shared by several labels (a multi-valued mask). */
  readonly file: string;
  /** What notices call it, where its file holds the labels of many cases. */
  readonly name?: string;
  /** True where the dataset says that nothing is there to be drawn: an empty mask is no surprise. */
  readonly isEmpty?: boolean;
  /**
   * Decodes and, where the aspect is the image's, resamples to `image`'s size.
   * @throws UserError when there is no using it; the label is then left out.
   */
  read(image: { width: number; height: number }): Promise<{ mask: Mask; notice?: ImportNotice }>;
}

/** One image with its labels, not decoded yet. */
export interface CaseSource {
  readonly id: string;
  readonly imageFile: string;
  readonly split: string | null;
  readonly annotator: string | null;
  /** Whose image it is, and of which examination, where the dataset says so. */
  readonly patient: string | null;
  readonly study: string | null;
  /** A structure missing here is absent: nobody drew it. */
  readonly labels: readonly LabelSource[];
  /** @returns the image, the SHA-256 of its file, and what was changed on the way. */
  readImage(): Promise<{ image: GreyImage; hash: string; notice?: ImportNotice }>;
}

/** Folders of a dataset, absolute. */
export interface DatasetPlaces {
  readonly images: string;
  /** `coded`: the structure's value, bit or page in multi-valued masks; null in binary ones. */
  readonly structures: readonly {
    readonly structure: string;
    readonly folder: string;
    readonly coded: Coded | null;
  }[];
}

/** A dataset that was looked at: cheap (names and headers), nothing decoded in bulk. */
export interface DatasetListing {
  readonly root: string;
  /** The folders it reads: nothing may ever be written into them. */
  readonly folders: readonly string[];
  readonly structures: readonly Structure[];
  /** Known without decoding: unmatched files, duplicates, wrong names. */
  readonly notices: readonly ImportNotice[];
  readonly cases: readonly CaseSource[];
  /** Where the images and the masks of each structure lie, for people; null where that varies. */
  readonly places: DatasetPlaces | null;
  /** What a writer needs to give the dataset back in the layout it came in (JSON). */
  readonly layout: unknown;
}

/** A listing with how it came about. */
export interface OpenedDataset extends DatasetListing {
  /** The name of its format. */
  readonly format: string;
  /** Why this format was guessed, in a sentence; null where a person named it. */
  readonly because: string | null;
  /** The options that it was opened with. */
  readonly options: Readonly<Record<string, unknown>>;
}

export type OnProgress = (progress: Progress) => void;

/** How looking at a dataset is followed and stopped. */
export interface Looking {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** Reads datasets of one format. */
export interface DatasetReader {
  /** Those of its options that a person may give beside the dataset's folder. */
  readonly options?: readonly ReaderOption[];
  /** What it looks for, for the message that nothing was recognised. */
  readonly looksFor: string;
  /** Whether `source` looks like this format, and the sentence that says why; null when not. */
  guess(source: string, looking?: Looking): Promise<{ confidence: number; because: string } | null>;
  /** @throws UserError when there is no case to import; the signal's reason when cancelled. */
  open(
    source: string,
    options: Readonly<Record<string, unknown>>,
    looking?: Looking,
  ): Promise<DatasetListing>;
}

/** One label on its way out. */
export interface ExportedLabel {
  readonly structure: string;
  /** The current mask, loaded when asked for; null when absent. */
  mask(): Promise<Mask | null>;
  readonly verdict: Verdict | null;
  /** True when a person changed it since the import. */
  readonly corrected: boolean;
  /** The file it was imported from, where it lies now; null when it was drawn later. */
  readonly sourceFile: string | null;
}

export interface ExportedCase {
  readonly id: string;
  /** Where the image lies now, absolute. */
  readonly imageFile: string;
  readonly width: number;
  readonly height: number;
  readonly labels: readonly ExportedLabel[];
}

export interface WriteOptions {
  /** Where the dataset lies now. */
  readonly root: string;
  readonly structures: readonly Structure[];
  /** Images are linked instead of copied where the file system can. */
  readonly link: boolean;
  /** Whole cases left out by their verdicts: complete when all cases have been read. */
  readonly excluded: readonly { readonly id: string; readonly imageFile: string }[];
}

/** A label that a format cannot hold exactly. */
export interface ForeseenLoss {
  readonly case: string;
  readonly structure: string;
  /** Pixels in which what would be written, read again, differs from the label. */
  readonly pixels: number;
}

/** Writes datasets in one format. */
export interface DatasetWriter {
  /**
   * What a dataset of another format becomes in it, and what that loses, in half a line; null where
   * only a dataset that came in it can be written in it.
   */
  readonly holds: string | null;
  /** The folders the dataset is read from, absolute, where they are not its root alone. */
  folders?(root: string, layout: unknown): readonly string[];
  /**
   * Opens the writer for one export, or to foresee one: what it needs of the dataset is read once.
   * @param layout what the reader of the same format left, or null for a dataset of another format.
   * @throws UserError when the dataset cannot be written in this format.
   */
  open(layout: unknown, options: WriteOptions): OpenWriter | Promise<OpenWriter>;
}

/** A writer that was opened for one export. */
export interface OpenWriter {
  /**
   * Which labels of a case `write` could not keep to the pixel; nothing is written.
   * A writer without it keeps all of them.
   */
  foresee?(item: ExportedCase): Promise<ForeseenLoss[]>;
  /**
   * Writes the cases into the folder `out`, which is there and empty; the caller removes it when
   * this fails (see `exportDataset`).
   * @returns notices of what could not be written exactly.
   */
  write(out: string, cases: AsyncIterable<ExportedCase>): Promise<ImportNotice[]>;
}

/** A dataset that a person named by one of its files. */
export interface NamedDataset {
  /** The dataset's folder. */
  readonly source: string;
  /** What the reader is told of the file. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** All that Overread knows of one format of datasets; `registry.ts` lists them. */
export interface DatasetFormat {
  /** Its name for `--format`, which projects keep, too. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  /** Null where the format is only written. */
  readonly reader: DatasetReader | null;
  /** Null where the format is only read. */
  readonly writer: DatasetWriter | null;
  /** Whether a person who names this file for a dataset may mean this format; default: never. */
  claims?(file: string): Promise<boolean>;
  /** The dataset that a file of this format stands for; default: the folder that it lies in. */
  datasetOf?(file: string): NamedDataset;
  /** Options that only a dataset of this format is opened with: who gives one need not name it. */
  readonly impliedBy?: readonly string[];
}
