/**
 * Asks for a folder: the desktop shows the system's dialog, a browser shows a list of the server's folders
 * (`FolderPicker.svelte`, which is mounted once).
 */
import type { FolderListing } from '../../audit/contract/api.ts';
import { client, isAbort, sentenceOf } from './api.ts';
import { joinPath } from './paths.ts';
import { shell } from './shell.ts';

export interface FolderQuestion {
  readonly title: string;
  /** The folder shown first; the home folder by default. */
  readonly start?: string;
  /**
   * `folder`: an existing folder. `project`: an existing project. `new`: a folder to be made.
   * `new-file`: a file to be made.
   */
  readonly kind: 'folder' | 'project' | 'new' | 'new-file';
  /** The proposed name of a new folder or file. */
  readonly name?: string;
}

const isNew = (kind: FolderQuestion['kind']): boolean => kind === 'new' || kind === 'new-file';

class FolderChoice {
  question = $state.raw<FolderQuestion | null>(null);
  listing = $state.raw<FolderListing | null>(null);
  /** The path in the text field. */
  path = $state('');
  /** Name of the new folder or file. */
  name = $state('');
  problem = $state<string | null>(null);
  loading = $state(false);
  #answer: ((path: string | null) => void) | null = null;
  #asking: AbortController | null = null;

  /** @returns the path; null if the person cancelled */
  async ask(question: FolderQuestion): Promise<string | null> {
    if (shell) {
      const { title, kind, name = '' } = question;
      // The system has one dialog for new folders and new files.
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

  /** Shows another folder. If it cannot be read, the current folder stays, and `problem` says why. */
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
      // If the first folder cannot be read, shows the home folder.
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

  /** Ends the question with a path, or with null to cancel it. */
  choose(path: string | null): void {
    this.#asking?.abort();
    this.question = null;
    this.#answer?.(path);
    this.#answer = null;
  }

  /**
   * The path of the answer: the shown folder or, if a new folder or file is asked for, the path of the
   * new one in that folder. Null if no folder is shown, or if the new name is empty or has a slash.
   */
  get chosen(): string | null {
    const folder = this.listing?.path ?? null;
    if (!this.question || !isNew(this.question.kind) || folder === null) return folder;
    const name = this.name.trim();
    return name === '' || /[\\/]/.test(name) ? null : joinPath(folder, name);
  }
}

export const folders = new FolderChoice();
