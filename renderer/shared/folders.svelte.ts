/**
 * Asks for a folder: by the system's dialog in the desktop, in a browser by our own list of the
 * server's folders (`FolderPicker.svelte`, once in the window).
 */
import type { FolderListing } from '../../audit/contract/api.ts';
import { client, isAbort, sentenceOf } from './api.ts';
import { joinPath } from './paths.ts';
import { shell } from './shell.ts';

export interface FolderQuestion {
  readonly title: string;
  /** Where to begin; the person's home when left out. */
  readonly start?: string;
  /**
   * `folder`: one that is there. `project`: one of Overread. `new`: a name for one that is not.
   * `new-file`: a name for a file that is not.
   */
  readonly kind: 'folder' | 'project' | 'new' | 'new-file';
  /** Of a new folder or file. */
  readonly name?: string;
}

const isNew = (kind: FolderQuestion['kind']): boolean => kind === 'new' || kind === 'new-file';

class FolderChoice {
  question = $state.raw<FolderQuestion | null>(null);
  listing = $state.raw<FolderListing | null>(null);
  /** The path as typed. */
  path = $state('');
  /** Of a new folder or file. */
  name = $state('');
  problem = $state<string | null>(null);
  loading = $state(false);
  #answer: ((path: string | null) => void) | null = null;
  #asking: AbortController | null = null;

  /** @returns the path, or null where the person chose none */
  async ask(question: FolderQuestion): Promise<string | null> {
    if (shell) {
      const { title, kind, name = '' } = question;
      // The system's dialog asks for a name alike, whatever will bear it.
      const type = isNew(kind) ? 'pick-new-folder' : 'pick-folder';
      const asked = type === 'pick-folder' ? { type, title } : { type, title, name };
      return (await shell.ask(asked as Parameters<typeof shell.ask>[0])).path;
    }
    this.choose(null);
    this.question = question;
    this.name = question.name ?? '';
    this.listing = null;
    void this.go(question.start);
    return new Promise((resolve) => (this.#answer = resolve));
  }

  /** Shows another folder. If it cannot be read, the one before stays, with the reason. */
  async go(path?: string): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.loading = true;
    this.problem = null;
    try {
      const listing = await client.folders(path === '' ? undefined : path, asking.signal);
      this.listing = listing;
      this.path = listing.path;
    } catch (error) {
      if (isAbort(error)) return;
      this.problem = sentenceOf(error);
      // If the start folder is missing, show the default one.
      if (!this.listing && path !== undefined) void this.#home();
    } finally {
      if (this.#asking === asking) this.loading = false;
    }
  }

  async #home(): Promise<void> {
    const { problem } = this;
    await this.go();
    this.problem = problem;
  }

  /** Ends the question. */
  choose(path: string | null): void {
    this.#asking?.abort();
    this.question = null;
    this.#answer?.(path);
    this.#answer = null;
  }

  /** The folder that is shown, with the new name where one is asked for. */
  get chosen(): string | null {
    const folder = this.listing?.path ?? null;
    if (!this.question || !isNew(this.question.kind) || folder === null) return folder;
    const name = this.name.trim();
    return name === '' || /[\\/]/.test(name) ? null : joinPath(folder, name);
  }
}

export const folders = new FolderChoice();
