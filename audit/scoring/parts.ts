/**
 * Reads and writes part files: each machine scores a part of the cases and writes a file of JSON lines.
 * The first line names the project, the model and the number of the part; each further line holds the scores
 * of one label. The parts are merged into the project later.
 */
import { createReadStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { CaseId, Hash, LabelKind, Place, StructureName } from '../contract/terms.ts';
import { labelKey } from '../contract/label-key.ts';
import { PairScore } from '../contract/pair-score.ts';
import { UserError } from '../errors.ts';
import type { LabelScore, ProjectWriter } from '../store/types.ts';

const Header = z.object({
  overread: z.literal('scores'),
  version: z.literal(1),
  model: z.string().min(1),
  /** The project's name: a project refuses the parts of another one. */
  project: z.string(),
  shard: z.number().int().positive(),
  of: z.number().int().positive(),
});
export type PartHeader = Omit<z.infer<typeof Header>, 'overread' | 'version'>;

const share = z.number().min(0).max(1);
const Score: z.ZodType<LabelScore> = z.object({
  case: CaseId,
  structure: StructureName,
  mask: Hash,
  caseScore: z.number(),
  area: share,
  ...PairScore.shape,
  // Parts of an earlier version of Overread have no `kind` and no `place`.
  kind: LabelKind.nullable().default(null),
  place: Place.nullable().default(null),
  pairs: z.array(PairScore).exactOptional(),
});

const BATCH = 1000;

function parse<T>(schema: z.ZodType<T>, line: string): T | null {
  try {
    const result = schema.safeParse(JSON.parse(line));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}

/** Reads a part file; gives at most `BATCH` scores at a time, each time with the header. */
async function* readPart(
  path: string,
): AsyncGenerator<{ header: z.infer<typeof Header>; scores: LabelScore[] }> {
  const stream = createReadStream(path, 'utf8');
  let header: z.infer<typeof Header> | null = null;
  let scores: LabelScore[] = [];
  let number = 0;
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      number += 1;
      if (header === null) {
        header = parse(Header, line);
        if (header === null) {
          throw new UserError(
            `${path} is no part of a scoring: give a file that "overread score --shard" wrote.`,
          );
        }
        continue;
      }
      if (line === '') continue;
      const score = parse(Score, line);
      if (score === null) {
        throw new UserError(`${path} is damaged in line ${number}: score this part again.`);
      }
      scores.push(score);
      if (scores.length === BATCH) {
        yield { header, scores };
        scores = [];
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new UserError(`${path} is not there: check the names of the part files.`);
    }
    throw error;
  } finally {
    stream.destroy();
  }
  if (header === null) {
    throw new UserError(`${path} is empty: score this part again.`);
  }
  yield { header, scores };
}

/** Writes a part under a temporary name, and renames it when it is complete. */
export class PartWriter {
  readonly #path: string;
  readonly #temporary: string;
  readonly #file: FileHandle;

  private constructor(path: string, temporary: string, file: FileHandle) {
    this.#path = path;
    this.#temporary = temporary;
    this.#file = file;
  }

  static temporaryOf(path: string): string {
    return `${path}.part`;
  }

  /**
   * Opens the part for writing. If an earlier attempt with the same header was cut off, the writer continues
   * after the last whole line of that attempt.
   * @returns the writer, and the labels that already have a score: key of the label → hash of its mask.
   */
  static async open(
    path: string,
    header: PartHeader,
  ): Promise<{ writer: PartWriter; done: Map<string, string> }> {
    const temporary = PartWriter.temporaryOf(path);
    const first = { overread: 'scores', version: 1, ...header };
    const done = new Map<string, string>();
    const file = await open(temporary, 'a+');
    try {
      const kept = await wholeLines(file, JSON.stringify(first), (score) => {
        done.set(labelKey(score.case, score.structure), score.mask);
      });
      await file.truncate(kept);
      if (kept === 0) await file.write(`${JSON.stringify(first)}\n`);
      return { writer: new PartWriter(path, temporary, file), done };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async write(scores: readonly LabelScore[]): Promise<void> {
    await this.#file.write(scores.map((score) => `${JSON.stringify(score)}\n`).join(''));
  }

  /** Syncs the file and gives it its final name. */
  async finish(): Promise<void> {
    await this.#file.sync();
    await this.#file.close();
    await rename(this.#temporary, this.#path);
  }

  /** Closes the file and keeps it for the next attempt. */
  async leave(): Promise<void> {
    await this.#file.close();
  }
}

/**
 * Length in bytes of the header `first` and the whole lines after it, up to the first damaged line; 0 if the
 * file has another header.
 */
async function wholeLines(
  file: FileHandle,
  first: string,
  onScore: (score: LabelScore) => void,
): Promise<number> {
  let kept = 0;
  let rest = Buffer.alloc(0);
  const buffer = Buffer.alloc(1 << 16);
  for (let position = 0; ;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return kept;
    position += bytesRead;
    rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const line = rest.toString('utf8', 0, end);
      if (kept === 0) {
        if (line !== first) return 0;
      } else {
        const score = parse(Score, line);
        if (score === null) return kept;
        onScore(score);
      }
      kept += end + 1;
      rest = rest.subarray(end + 1);
    }
  }
}

/** The result of a merge. */
export interface Merged {
  readonly model: string;
  readonly labels: number;
  /** Number of scores that were left out, because the project does not have their case or structure. */
  readonly unknown: number;
  /** Numbers of the parts that are not among the files of this merge. */
  readonly missing: readonly number[];
}

/**
 * Saves the scores of part files in the project. Merging a part twice changes nothing.
 * @throws UserError when no file is given, or a file is not a part, is damaged, or belongs to another scoring
 * or project. Then no score of any file is saved.
 */
export async function mergeShards(
  writer: ProjectWriter,
  files: readonly string[],
): Promise<Merged> {
  if (files.length === 0) throw new UserError('There is nothing to merge: name the part files.');
  const known = new Set(writer.structures.map(({ name }) => name));
  const given = new Set<number>();
  let whole: z.infer<typeof Header> | null = null;
  // Checks all files before it saves a score, so that a wrong file leaves the project as it was.
  for (const file of files) {
    for await (const { header } of readPart(file)) {
      whole ??= header;
      if (header.project !== writer.name) {
        throw new UserError(
          `${file} belongs to the project "${header.project}", not "${writer.name}": ` +
            'merge it there.',
        );
      }
      if (header.model !== whole.model || header.of !== whole.of) {
        throw new UserError(
          `${file} and ${files[0]} belong to different scorings: merge the parts of one scoring at a time.`,
        );
      }
      given.add(header.shard);
    }
  }
  const { model, of } = whole!;
  let labels = 0;
  let unknown = 0;
  for (const file of files) {
    for await (const { scores } of readPart(file)) {
      const taken = scores.filter(
        (score) => known.has(score.structure) && writer.case(score.case) !== null,
      );
      unknown += scores.length - taken.length;
      labels += taken.length;
      writer.saveScores(model, taken);
    }
  }
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((i) => !given.has(i));
  return { model, labels, unknown, missing };
}
