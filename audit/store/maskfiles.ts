/**
 * The folder `labels/`: one file for each mask, named by its content's hash. Equal masks share a
 * file, and a file never changes. It is written in `labels/tmp/`, synced and renamed, so that no
 * half-written file has a final name. `masks.ts` describes the content.
 */
import { statSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../errors.ts';
import type { Mask } from '../imaging/types.ts';
import { syncFolder } from '../../models/files.ts';
import { parallel, writeSynced } from './files.ts';
import { decodeMaskFile, encodeMaskFile, hashMask, bitsOfMask } from './masks.ts';
import type { PackedMask } from './masks.ts';

/** Names of the folders of mask files, in order: `00` to `ff`. */
export const SHARDS: readonly string[] = Array.from({ length: 256 }, (_, shard) =>
  shard.toString(16).padStart(2, '0'),
);

/**
 * How many files are written at a time: more than the thread pool has threads, to keep the disk busy.
 */
const inFlight = 16;
/**
 * The most hashes that are remembered as stored, so that a mask that 10,000 cases share is not checked
 * 10,000 times.
 */
const knownLimit = 20_000;

export interface SavedMask {
  readonly hash: string;
  readonly area: number;
}

export class MaskFiles {
  readonly folder: string;
  readonly #known = new Set<string>();
  readonly #shards = new Set<string>();
  #serial = 0;

  /** @param folder the project's `labels` folder */
  constructor(folder: string) {
    this.folder = folder;
  }

  fileOf(hash: string): string {
    return path.join(this.folder, hash.slice(0, 2), `${hash}.mask`);
  }

  /**
   * Stores masks and syncs files and folders.
   * @returns hash and area of each mask, and `discard`, which removes the new files. Call it if their
   *   rows cannot be written.
   */
  async save(
    masks: readonly Mask[],
  ): Promise<{ saved: SavedMask[]; discard: () => Promise<void> }> {
    const writes = new Map<string, Promise<void>>();
    const touched = new Set<string>();
    const fresh: string[] = [];
    const discard = async (): Promise<void> => {
      for (const hash of fresh) {
        this.#known.delete(hash);
        await rm(this.fileOf(hash), { force: true }).catch(() => undefined);
      }
    };
    try {
      const saved = await parallel(masks, inFlight, async (mask) => {
        const packed = bitsOfMask(mask);
        const hash = hashMask(packed);
        let write = writes.get(hash);
        if (!write) {
          write = this.#store(hash, packed, touched, fresh);
          writes.set(hash, write);
        }
        await write;
        return { hash, area: packed.area };
      });
      await parallel([...touched], inFlight, (shard) => syncFolder(path.join(this.folder, shard)));
      if (this.#known.size > knownLimit) this.#known.clear();
      for (const hash of writes.keys()) this.#known.add(hash);
      return { saved, discard };
    } catch (error) {
      await discard();
      throw error;
    }
  }

  async #store(
    hash: string,
    packed: PackedMask,
    touched: Set<string>,
    fresh: string[],
  ): Promise<void> {
    if (this.#known.has(hash)) return;
    const shard = hash.slice(0, 2);
    const file = this.fileOf(hash);
    // If a killed import left the file, it is used, unless it is damaged.
    const present = await this.#intact(hash);
    touched.add(shard);
    if (present) return;
    const bytes = encodeMaskFile(packed);
    await this.#makeShard(shard);
    const temporary = path.join(this.folder, 'tmp', `${hash}.${process.pid}.${this.#serial++}`);
    await writeSynced(file, temporary, bytes);
    fresh.push(hash);
  }

  async #makeShard(shard: string): Promise<void> {
    if (this.#shards.has(shard)) return;
    if (this.#shards.size === 0) await mkdir(path.join(this.folder, 'tmp'), { recursive: true });
    await mkdir(path.join(this.folder, shard), { recursive: true });
    await syncFolder(this.folder);
    this.#shards.add(shard);
  }

  async #intact(hash: string): Promise<boolean> {
    if (!statSync(this.fileOf(hash), { throwIfNoEntry: false })) return false;
    try {
      return hashMask(decodeMaskFile(await readFile(this.fileOf(hash)))) === hash;
    } catch {
      return false;
    }
  }

  /**
   * Reads a mask and checks its hash.
   * @throws UserError if the file is missing, unreadable or damaged
   */
  async read(hash: string): Promise<PackedMask> {
    // Somebody else may have written a path in the place of a hash.
    if (!/^[0-9a-f]{64}$/.test(hash)) {
      throw new UserError(
        `“${hash}” is not the hash of a mask: put project.db back from a backup.`,
        { code: 'bad-file' },
      );
    }
    const file = this.fileOf(hash);
    let bytes: Buffer;
    try {
      bytes = await readFile(file);
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'unreadable';
      throw new UserError(`The label file ${file} is ${why}: put it back from a backup.`);
    }
    let reason = 'its content does not match its name';
    try {
      const packed = decodeMaskFile(bytes);
      if (hashMask(packed) === hash) return packed;
    } catch (error) {
      reason = (error as Error).message;
    }
    throw new UserError(
      `The label file ${file} is damaged (${reason}): put it back from a backup.`,
    );
  }

  /** Removes half-written files that a crash left. Call it only while holding the writer's lock. */
  async sweep(): Promise<void> {
    await rm(path.join(this.folder, 'tmp'), { recursive: true, force: true });
  }

  /** Hashes of the mask files in one two-letter folder, and names of other files there. */
  async list(shard: string): Promise<{ hashes: string[]; strangers: string[] }> {
    const hashes: string[] = [];
    const strangers: string[] = [];
    for (const name of await readdir(path.join(this.folder, shard)).catch(() => [])) {
      const hash = /^([0-9a-f]{64})\.mask$/.exec(name)?.[1];
      if (hash?.startsWith(shard)) hashes.push(hash);
      else strangers.push(name);
    }
    return { hashes, strangers };
  }
}
