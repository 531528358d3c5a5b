/**
 * A part of a scoring, made on its own: JSON lines, the first says of what it is a part, each other
 * one is a label's score. Parts of any number of machines are merged into the project later.
 */
import { createReadStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { CaseId, Hash, StructureName } from '../contract/terms.ts';
import { labelKey } from '../contract/label-key.ts';
import { UserError } from '../errors.ts';
import type { LabelScore, ProjectWriter } from '../store/types.ts';

const Header = z.object({
  overread: z.literal('scores'),
  version: z.literal(1),
  model: z.string().min(1),
  /** The project's name: a part of another project is refused. */
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
  learned: z.number(),
  dice: share.nullable(),
  disagreement: z.number().nullable(),
  softmin: z.number().nullable(),
  area: share,
  proposalArea: share.nullable(),
  boundary: z.number().nullable(),
  boundaryOff: share.nullable(),
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

/** The header and the scores of a part file, a few at a time. */
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
            `${path} is no part of a scoring: give the file that "overread score --shard" wrote.`,
          );
        }
        continue;
      }
      if (line === '') continue;
      const score = parse(Score, line);
      if (score === null) {
        throw new UserError(`${path} is damaged at line ${number}: make this part again.`);
      }
      scores.push(score);
      if (scores.length === BATCH) {
        yield { header, scores };
        scores = [];
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new UserError(`${path} is not there: give the part files to merge.`);
    }
    throw error;
  } finally {
    stream.destroy();
  }
  if (header === null) {
    throw new UserError(`${path} is empty: make this part again.`);
  }
  yield { header, scores };
}

/** Writes a part under a temporary name; it gets its own when it is whole. */
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
   * Opens the part for writing. One that was cut off is gone on with, as far as it is whole.
   * @returns the writer and the scores that are there already, as key of the label → mask.
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

  /** Syncs and gives the part its name. */
  async finish(): Promise<void> {
    await this.#file.sync();
    await this.#file.close();
    await rename(this.#temporary, this.#path);
  }

  /** Leaves what is written for the next attempt. */
  async leave(): Promise<void> {
    await this.#file.close();
  }
}

/** Bytes of `file` that are whole lines after the header `first`; 0 where it starts otherwise. */
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

/** What a merge came to. */
export interface Merged {
  readonly model: string;
  readonly labels: number;
  /** Scores of cases or structures that the project does not have: left out. */
  readonly unknown: number;
  /** Parts of the whole that were not given. */
  readonly missing: readonly number[];
}

/**
 * Saves the scores of part files in the project. Merging a part twice changes nothing.
 * @throws UserError when a file is no part, is damaged, or belongs to another model or project;
 * nothing of any file is saved then.
 */
export async function mergeShards(
  writer: ProjectWriter,
  files: readonly string[],
): Promise<Merged> {
  if (files.length === 0) throw new UserError('There is no part to merge: name the part files.');
  const known = new Set(writer.structures.map(({ name }) => name));
  const given = new Set<number>();
  let whole: z.infer<typeof Header> | null = null;
  // Once through everything before anything is saved.
  for (const file of files) {
    for await (const { header } of readPart(file)) {
      whole ??= header;
      if (header.project !== writer.name) {
        throw new UserError(
          `${file} belongs to the project "${header.project}", not "${writer.name}": ` +
            `merge it there.`,
        );
      }
      if (header.model !== whole.model || header.of !== whole.of) {
        throw new UserError(
          `${file} is of another scoring than ${files[0]}: merge the parts of one at a time.`,
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
