/**
 * Imports the cases of a listing into a project: decodes a few cases at a time and writes them in
 * batches. An interrupted import can be completed by another one. A case or label that cannot be read
 * becomes a notice and does not end the import.
 */
import { UserError } from '../../errors.ts';
import { allCases } from '../../store/all-cases.ts';
import type { NewCase, ProjectWriter } from '../../store/types.ts';
import { UnreadableFile } from '../../codecs/index.ts';
import { changed, leftOut } from './notices.ts';
import { inOrder, secondsLeft } from './pipeline.ts';
import { assertApart } from '../tree/places.ts';
import type { ImportNotice } from '../../contract/terms.ts';
import type { CaseSource, DatasetListing, LabelSource, OnProgress } from '../types.ts';
import { warningsOf } from './warnings.ts';

/** Cases per transaction. */
const BATCH_CASES = 32;
/** Mask pixels after which a transaction is written, so that large images do not fill the memory. */
const BATCH_PIXELS = 64 * 1024 * 1024;
/** Cases decoded at a time. Their decompression runs in parallel, on Node's thread pool. */
const IN_FLIGHT = 4;

export interface ImportOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** Cases decoded at a time. */
  readonly inFlight?: number;
}

export interface ImportSummary {
  /** Cases that this import added. */
  readonly cases: number;
  /** Labels that this import added, including empty labels. */
  readonly labels: number;
  /** Cases that an earlier, interrupted import had added. */
  readonly known: number;
  /** Number of files left out. The project's notices list these files and those counted in `changed`. */
  readonly leftOut: number;
  /** Files imported with a change, such as resampling. */
  readonly changed: number;
  /** Warnings about the project as a whole, one sentence each. */
  readonly warnings: readonly string[];
}

/** A decoded case; `item` is null if the case cannot be used, and the notices say why. */
interface ReadCase {
  readonly item: NewCase | null;
  readonly notices: readonly ImportNotice[];
}

/** The notice for a file that could not be read. Unexpected errors of a decoder become notices, too. */
function failure(file: string, error: unknown): ImportNotice {
  if (error instanceof UnreadableFile) return leftOut(error.file, error.problem);
  return leftOut(file, `could not be read (${(error as Error).message}).`);
}

async function readLabel(
  label: LabelSource,
  image: { width: number; height: number },
  notices: ImportNotice[],
): Promise<NewCase['labels'][number] | null> {
  const name = label.name ?? label.file;
  try {
    const { mask, notice } = await label.read(image);
    const isUnexpected = label.isEmpty !== true && !mask.data.includes(1);
    const empty = isUnexpected ? 'is empty: imported as an empty label.' : undefined;
    const merged = changed(name, [notice?.reason, empty]);
    if (merged !== undefined) notices.push(merged);
    return { structure: label.structure, mask, sourceFile: label.file };
  } catch (error) {
    notices.push(failure(name, error));
    return null;
  }
}

/** The text without blanks around it, or null if it is null, empty or blank. */
function stated(text: string | null): string | null {
  return text?.trim() || null;
}

async function readCase(source: CaseSource): Promise<ReadCase> {
  const notices: ImportNotice[] = [];
  try {
    const { image, hash, notice } = await source.readImage();
    if (notice !== undefined) notices.push(notice);
    const { width, height, bits, spacing } = image;
    const labels: NewCase['labels'][number][] = [];
    for (const label of source.labels) {
      const read = await readLabel(label, image, notices);
      if (read !== null) labels.push(read);
    }
    if (labels.length === 0 && source.labels.length > 0) {
      notices.push(leftOut(source.imageFile, 'has no mask that could be read.'));
      return { item: null, notices };
    }
    const { id, imageFile } = source;
    const size = { width, height, bits, ...(spacing && { spacing }) };
    const about = {
      split: stated(source.split),
      annotator: stated(source.annotator),
      patient: stated(source.patient),
      study: stated(source.study),
    };
    return {
      item: { id, imageFile, imageHash: hash, image: size, ...about, labels },
      notices,
    };
  } catch (error) {
    return { item: null, notices: [...notices, failure(source.imageFile, error)] };
  }
}

/** The id of each case in the project, by the hash of its image. */
function casesByHash(project: ProjectWriter): Map<string, string> {
  const byHash = new Map<string, string>();
  for (const { id, imageHash } of allCases(project)) byHash.set(imageHash, id);
  return byHash;
}

/** Collects cases and writes them to the project, one transaction per batch. */
class Batch {
  readonly #project: ProjectWriter;
  #cases: NewCase[] = [];
  #notices: ImportNotice[] = [];
  #pixels = 0;
  cases = 0;
  labels = 0;
  leftOut = 0;
  changed = 0;
  /** The notice of the first file left out. The error quotes it if no case could be imported. */
  first: ImportNotice | null = null;

  constructor(project: ProjectWriter) {
    this.#project = project;
  }

  note(notices: readonly ImportNotice[]): void {
    for (const notice of notices) {
      if (notice.kind === 'left-out') {
        this.first ??= notice;
        this.leftOut += 1;
      } else {
        this.changed += 1;
      }
      this.#notices.push(notice);
    }
  }

  async add(item: NewCase): Promise<void> {
    this.#cases.push(item);
    this.#pixels += item.image.width * item.image.height * item.labels.length;
    if (this.#cases.length >= BATCH_CASES || this.#pixels >= BATCH_PIXELS) await this.flush();
  }

  async flush(): Promise<void> {
    // The notices are written before the cases. If the import is killed in between, the next import reads
    // these cases again; in the other order, their notices would be lost.
    this.#project.addImportNotices(this.#notices);
    await this.#project.addCases(this.#cases);
    this.cases += this.#cases.length;
    this.labels += this.#cases.reduce((sum, { labels }) => sum + labels.length, 0);
    this.#cases = [];
    this.#notices = [];
    this.#pixels = 0;
  }
}

/**
 * Imports a dataset. Cases that the project already has are skipped, so running an interrupted import
 * again completes it.
 * @throws UserError when no case could be imported or the project cannot be written; the signal's
 *   reason when cancelled (cases already imported stay).
 */
export async function importDataset(
  listing: DatasetListing,
  project: ProjectWriter,
  options: ImportOptions = {},
): Promise<ImportSummary> {
  const { signal, onProgress, inFlight = IN_FLIGHT } = options;
  await assertApart('The project folder', project.folder, listing.folders);
  const knownIds = new Set(project.caseIds());
  const caseByHash = casesByHash(project);
  const batch = new Batch(project);
  batch.note(listing.notices);
  const todo = listing.cases.filter(({ id }) => !knownIds.has(id));
  const total = listing.cases.length;
  const startedAt = performance.now();
  let done = 0;
  const report = () =>
    onProgress?.({
      task: 'import',
      message: 'Importing cases',
      done: total - todo.length + done,
      total,
      secondsLeft: secondsLeft(startedAt, done, todo.length),
    });
  report();
  for await (const { item, notices } of inOrder(todo, inFlight, readCase)) {
    signal?.throwIfAborted();
    const twin = item === null ? undefined : caseByHash.get(item.imageHash);
    if (item === null) {
      batch.note(notices);
    } else if (twin !== undefined) {
      batch.note([
        leftOut(item.imageFile, `is the same image as the case ${twin}, byte for byte.`),
      ]);
    } else {
      caseByHash.set(item.imageHash, item.id);
      batch.note(notices);
      await batch.add(item);
    }
    done += 1;
    report();
  }
  await batch.flush();
  if (project.counts.cases === 0) throw nothingImported(listing, batch);
  return {
    cases: batch.cases,
    labels: batch.labels,
    known: total - todo.length,
    leftOut: batch.leftOut,
    changed: batch.changed,
    warnings: warningsOf(project),
  };
}

function nothingImported(listing: DatasetListing, batch: Batch): UserError {
  const { first } = batch;
  if (first === null) return new UserError(`${listing.root} has no case to import.`);
  const others = batch.leftOut > 1 ? ` (the first of ${batch.leftOut} problems)` : '';
  return new UserError(
    `No case of ${listing.root} could be imported: ${first.file} ${first.reason.replace(/\.$/, '')}${others}.`,
  );
}
