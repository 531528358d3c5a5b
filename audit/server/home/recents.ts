/**
 * Keeps what the start screen shows of the open project, while it changes: how far the review is,
 * and a picture of its worst case. In the background; that it fails hinders nobody.
 */
import type { Logger } from 'pino';
import type { Home } from './home.ts';
import { pictureVersion } from '../pictures/picture-version.ts';
import type { Opened, Workspace } from '../project/workspace.ts';

/** Verdicts come one a second: what a start screen shows may be a little older. */
const PAUSE_MS = 3000;
/** Longer side of the picture, in pixels. */
const SIZE = 480;

export class Recents {
  readonly #home: Home;
  readonly #workspace: Workspace;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;
  #stale = false;
  #last: Promise<void> = Promise.resolve();

  constructor(home: Home, workspace: Workspace, log: Logger) {
    this.#home = home;
    this.#workspace = workspace;
    this.#log = log;
    workspace.follow({
      changed: () => this.soon(),
      closing: async (opened) => {
        clearTimeout(this.#timer);
        this.#timer = undefined;
        if (this.#stale) await this.#note(opened);
        this.#stale = false;
        await this.#last;
      },
    });
  }

  /** Looks at the open project a little later. */
  soon(): void {
    this.#stale = true;
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const opened = this.#workspace.current;
      if (opened) void this.#note(opened);
    }, PAUSE_MS);
    this.#timer.unref();
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#last;
  }

  #note(opened: Opened): Promise<void> {
    this.#stale = false;
    this.#last = this.#last
      .then(() => this.#write(opened))
      .catch((error: unknown) => this.#log.warn({ err: error }, 'recent projects'));
    return this.#last;
  }

  async #write(opened: Opened): Promise<void> {
    const { cases, labels } = opened.insights({ by: 'combined', per: 'case' });
    const review = {
      reviewed: cases.total - cases.open,
      found: labels.fixed + labels.excluded + labels.flagged,
    };
    await this.#home.note(opened.folder, { cases: cases.total, review });
    const ranking = opened.rankings.get({ by: 'combined', per: 'case' });
    const worst = ranking?.order.cases[0] ?? 0;
    const summary = cases.total === 0 ? null : opened.project.case(opened.labels.id(worst));
    if (!summary) return;
    const version = pictureVersion(summary, opened.project.structures);
    const kept = await this.#home.picture(opened.folder);
    if (kept?.version === version) return;
    await this.#home.keepPicture(opened.folder, await opened.pixels.picture(summary, SIZE));
    await this.#home.note(opened.folder, { picture: version });
  }
}
