/**
 * What a project may do. One that comes from elsewhere could name any file of the machine, so that an export or
 * a pack would carry it away. Until the person trusts it, its files must lie in the dataset's folder, also when
 * links are followed, and nothing is written to it.
 */
import path from 'node:path';
import { UserError } from '../errors.ts';
import { isInside, realNow } from './files.ts';
import { readTrust } from './trust.ts';
import type { Trust } from './trust.ts';

/** A part of a stored path that leads upwards. */
const UPWARDS = /(^|[\\/])\.\.([\\/]|$)/;

export class Reach {
  readonly #folder: string;
  /** Identifies the project, see `Trust.project`. */
  readonly #project: string;
  #isOwn = false;

  constructor(folder: string, project: string) {
    this.#folder = folder;
    this.#project = project;
  }

  /** Whether the person made the project on this machine or trusts it. */
  get isOwn(): boolean {
    // Another process may have taken the person's word meanwhile.
    this.#isOwn ||= this.#said()?.root === null;
    return this.#isOwn;
  }

  /** The dataset's folder that the person named for a project from elsewhere, which is not written. */
  get namedRoot(): string | null {
    const said = this.#said();
    return said === null ? null : (said.named ?? said.root);
  }

  /** @throws UserError if the project comes from elsewhere */
  assertMayWrite(): void {
    if (!this.isOwn) throw notWritten(this.#folder);
  }

  /** Whether a person on this machine knows where the dataset lies, or the dataset came with the project. */
  isRootKnown(root: string): boolean {
    if (this.isOwn || this.#said()?.root === root) return true;
    return isInside(root, this.#folder) && isInside(realNow(root), realNow(this.#folder));
  }

  /**
   * Checks a file of the dataset.
   * @param root the dataset's folder
   * @throws UserError if the project comes from elsewhere and the file lies outside of `root`
   */
  assertInDataset(file: string, root: string): void {
    if (this.isOwn) return;
    // The first check touches no file: on Windows, looking at a share signs the person in there.
    if (isInside(file, root) && isInside(realNow(file), realNow(root))) return;
    throw this.#refusal(`its file ${file} lies outside of the dataset's folder ${root}`);
  }

  /**
   * Checks a file of the project's own folder, such as a mask.
   * @throws UserError if the project comes from elsewhere and the file is a link out of the folder
   */
  assertInProject(file: string): void {
    if (this.isOwn || isInside(realNow(file), realNow(this.#folder))) return;
    throw this.#refusal(`its file ${file} is a link to somewhere else`);
  }

  /**
   * Checks that the dataset's files may be copied: a person knows its folder, and the layout names no
   * place outside of it.
   * @throws UserError
   */
  assertMayCopy(root: string, layout: unknown): void {
    if (this.isOwn) return;
    if (!this.isRootKnown(root)) {
      throw new UserError(
        `The project ${this.#folder} comes from elsewhere and says that its dataset lies in ${root}: name the dataset's folder with "overread relink", or say that you trust the project with "overread trust".`,
        { code: 'forbidden' },
      );
    }
    const outside = stringsOf(layout).find((text) => path.isAbsolute(text) || UPWARDS.test(text));
    if (outside === undefined) return;
    throw this.#refusal(
      `it names “${outside.slice(0, 200)}”, outside of the dataset's folder ${root}`,
    );
  }

  #said(): Trust | null {
    return readTrust(this.#folder, this.#project);
  }

  #refusal(what: string): UserError {
    return new UserError(
      `The project ${this.#folder} comes from elsewhere, and ${what}: if you trust whoever made it, say so with "overread trust".`,
      { code: 'forbidden' },
    );
  }
}

/** The refusal to write a project from elsewhere. */
export function notWritten(folder: string): UserError {
  return new UserError(
    `The project ${folder} comes from elsewhere, so nothing is written to it until you trust it: in the window in Insights, or with "overread trust".`,
    { code: 'forbidden' },
  );
}

/** All texts in a value of JSON, and the names in its objects. */
function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(stringsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => [name, ...stringsOf(item)]);
}
