/**
 * Updates the open project's card on the start screen: how far the review is, and a picture of the
 * worst case. It runs in the background; a failure only goes to the log.
 */
import pLimit from 'p-limit';
import type { Logger } from 'pino';
import type { Home } from './home.ts';
import { pictureVersion } from '../pictures/picture-version.ts';
import type { OpenedProject } from '../project/opened-project.ts';
import type { Workspace } from '../project/workspace.ts';

/**
 * How long an update waits after a change, so that one update covers the changes of a few seconds: a
 * person may give a verdict every second.
 */
const PAUSE_MS = 3000;
/** Longer side of the picture, in pixels. */
const SIZE = 480;

export class Recents {
  readonly #home: Home;
  readonly #workspace: Workspace;
  readonly #log: Logger;
  #timer: NodeJS.Timeout | undefined;
  #stale = false;
  readonly #inTurn = pLimit(1);

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
        await this.#idle();
      },
    });
  }

  /** Schedules an update. */
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

  /** Cancels a scheduled update and waits for a running one. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#idle();
  }

  #note(opened: OpenedProject): Promise<void> {
    this.#stale = false;
    return this.#inTurn(() => this.#write(opened)).catch((error: unknown) =>
      this.#log.warn({ err: error }, 'recent projects'),
    );
  }

  #idle(): Promise<void> {
    return this.#inTurn(() => undefined);
  }

  async #write(opened: OpenedProject): Promise<void> {
    const { cases, labels } = opened.insights({ by: 'combined', per: 'case' });
    const review = {
      reviewed: cases.total - cases.open,
      found: labels.found,
    };
    await this.#home.note(opened.folder, { cases: cases.total, review });
    // Nothing is written to a project from elsewhere.
    if (!opened.project.isOwn) return;
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
