/** The interfaces of dataset formats: their readers and writers, and the types that these return and take. */
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
  /** The file that holds the label. Several labels may share one file, such as a multi-valued mask. */
  readonly file: string;
  /** The label's name in notices, if one file holds the labels of many cases. Default: the file's path. */
  readonly name?: string;
  /**
   * True if the dataset itself says that the label is empty. Then the import gives no notice of an empty
   * label.
   */
  readonly isEmpty?: boolean;
  /**
   * Decodes the mask. If the mask and `image` have the same aspect (width / height), it is resampled to
   * the image's size.
   * @param image its size and, if its file states it, where its pixels lie
   * @throws UserError when the mask cannot be used; the import then leaves the label out.
   */
  read(
    image: Pick<GreyImage, 'width' | 'height' | 'grid'>,
  ): Promise<{ mask: Mask; notice?: ImportNotice }>;
}

/** One image and its labels, before they are decoded. */
export interface CaseSource {
  readonly id: string;
  readonly imageFile: string;
  readonly split: string | null;
  readonly annotator: string | null;
  /** The patient and the examination (study), or null where the dataset does not name them. */
  readonly patient: string | null;
  readonly study: string | null;
  /** A structure without an entry is absent: nobody drew it. Without any entry, the case is to be labelled. */
  readonly labels: readonly LabelSource[];
  /** @returns the image, the SHA-256 of its file, and a notice if reading changed the image. */
  readImage(): Promise<{ image: GreyImage; hash: string; notice?: ImportNotice }>;
}

/** The folders of a dataset, as absolute paths. */
export interface DatasetPlaces {
  readonly images: string;
  /**
   * `coded`: the structure's value, bit or page in a multi-valued mask; null for a binary mask, or if the
   * structure has several values.
   */
  readonly structures: readonly {
    readonly structure: string;
    readonly folder: string;
    readonly coded: Coded | null;
  }[];
}

/**
 * The listing of a dataset: its cases, and all facts that are known before an image is decoded. A reader
 * makes the listing from file names, headers and annotation files, and in PASCAL VOC also from masks.
 */
export interface DatasetListing {
  readonly root: string;
  /** The folders that the reader reads. Overread never writes into them. */
  readonly folders: readonly string[];
  readonly structures: readonly Structure[];
  /** Problems found without decoding: unmatched files, duplicates, wrong names. */
  readonly notices: readonly ImportNotice[];
  readonly cases: readonly CaseSource[];
  /** The folders of the images and masks, to be shown to people; null if the files lie in many folders. */
  readonly places: DatasetPlaces | null;
  /** JSON that the writer of the same format needs to write the dataset in its original layout. */
  readonly layout: unknown;
}

/** A listing, and how the dataset was opened. */
export interface OpenedDataset extends DatasetListing {
  /** The name of the dataset's format. */
  readonly format: string;
  /**
   * A clause such as “it has a manifest” that says why this format was guessed, or null if the format was
   * not guessed.
   */
  readonly because: string | null;
  /** The options with which the dataset was opened. */
  readonly options: Readonly<Record<string, unknown>>;
}

export type OnProgress = (progress: Progress) => void;

/** Cancels the listing of a dataset and receives its progress. */
export interface Looking {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** Reads datasets of one format. */
export interface DatasetReader {
  /** The options that a person may give besides the dataset's folder. */
  readonly options?: readonly ReaderOption[];
  /** A noun phrase for the files that the reader looks for. The message for an unknown dataset lists it. */
  readonly looksFor: string;
  /**
   * @returns how sure the reader is (0 … 1) and a clause (“it has …”) that says why, or null if `source`
   *   does not fit.
   */
  guess(source: string, looking?: Looking): Promise<{ confidence: number; because: string } | null>;
  /**
   * A sentence for a person whose dataset nearly fits this format, when no reader's `guess` fits: what is
   * wrong, and what to do. Null if the dataset is not like this format.
   */
  nearly?(source: string): Promise<string | null>;
  /** @throws UserError when the dataset has no case to import; the signal's reason when cancelled. */
  open(
    source: string,
    options: Readonly<Record<string, unknown>>,
    looking?: Looking,
  ): Promise<DatasetListing>;
}

/** One label of an export. */
export interface ExportedLabel {
  readonly structure: string;
  /** Loads the current mask; null if the label is absent. */
  mask(): Promise<Mask | null>;
  readonly verdict: Verdict | null;
  /** True if a person changed the label after the import. */
  readonly corrected: boolean;
  /**
   * The current path of the file from which the label was imported, or null if it was drawn after the
   * import.
   */
  readonly sourceFile: string | null;
}

export interface ExportedCase {
  readonly id: string;
  /** The absolute path of the image now. The dataset may have moved since the import. */
  readonly imageFile: string;
  readonly width: number;
  readonly height: number;
  readonly labels: readonly ExportedLabel[];
}

export interface WriteOptions {
  /** The dataset's folder now. The dataset may have moved since the import. */
  readonly root: string;
  readonly structures: readonly Structure[];
  /** Links images instead of copying them, where the file system can. */
  readonly link: boolean;
  /**
   * Cases that the export leaves out because of their verdicts. The list grows while the writer takes the
   * cases, so it is complete only after the last case.
   */
  readonly excluded: readonly { readonly id: string; readonly imageFile: string }[];
}

/** A label that a format cannot store exactly. */
export interface ForeseenLoss {
  readonly case: string;
  readonly structure: string;
  /** Number of pixels that differ from the label when the written file is read again. */
  readonly pixels: number;
}

/** Writes datasets in one format. */
export interface DatasetWriter {
  /**
   * A short text that says how the format stores labels of another format and what is lost. Null if the
   * writer only writes datasets that came in this format.
   */
  readonly holds: string | null;
  /** The absolute folders from which a dataset with this layout is read. Default: its root alone. */
  folders?(root: string, layout: unknown): readonly string[];
  /**
   * Opens the writer for one export or for `foresee`. Files that concern all cases can be read here,
   * once.
   * @param layout the `layout` of the listing, or null for a dataset of another format
   * @throws UserError when the dataset cannot be written in this format.
   */
  open(layout: unknown, options: WriteOptions): OpenWriter | Promise<OpenWriter>;
}

/** A writer that is open for one export. */
export interface OpenWriter {
  /**
   * Lists the labels of a case that `write` could not store exactly; writes nothing. A writer without
   * this function stores every label exactly.
   */
  foresee?(item: ExportedCase): Promise<ForeseenLoss[]>;
  /**
   * Writes the cases into the folder `out`, which exists and is empty. If `write` fails, the caller
   * removes the folder (see `exportDataset`).
   * @returns notices about everything that could not be written exactly
   */
  write(out: string, cases: AsyncIterable<ExportedCase>): Promise<ImportNotice[]>;
}

/** The dataset that belongs to a file which a person named. */
export interface NamedDataset {
  /** The dataset's folder. */
  readonly source: string;
  /** Options for the reader, such as the manifest's path when the named file is a manifest. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** One dataset format. `registry.ts` lists all of them. */
export interface DatasetFormat {
  /** The format's name for `--format`. Projects store it, so it never changes. */
  readonly name: string;
  /** The format's name in the interface. */
  readonly title: string;
  /** Null if the format is only written. */
  readonly reader: DatasetReader | null;
  /** Null if the format is only read. */
  readonly writer: DatasetWriter | null;
  /** Whether a file that a person named as the dataset may be of this format. Default: never. */
  claims?(file: string): Promise<boolean>;
  /** The dataset that a file of this format belongs to. Default: the file's folder. */
  datasetOf?(file: string): NamedDataset;
  /** Options that only this format has. Giving one of them selects the format. */
  readonly impliedBy?: readonly string[];
}
