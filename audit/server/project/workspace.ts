/** Holds the open project. At most one project is open. */
import { resolve } from 'node:path';
import pLimit from 'p-limit';
import { Refusal } from '../http/respond.ts';
import type { EventBus } from '../tasks/bus.ts';
import { OpenedProject } from './opened-project.ts';
import type { ProjectHost } from './opened-project.ts';

export interface Follower {
  /** Called after each change of the open project. */
  changed(): void;
  /** Called before the project is closed, while it can still be read. Must not throw. */
  closing(opened: OpenedProject): Promise<void>;
}

export class Workspace {
  readonly #host: ProjectHost;
  #follower: Follower | null = null;
  #opened: OpenedProject | null = null;
  /** Opening and closing run one after the other. */
  readonly #inTurn = pLimit(1);

  constructor(bus: EventBus, purpose: string) {
    this.#host = { bus, purpose, onChange: () => this.#follower?.changed() };
  }

  get current(): OpenedProject | null {
    return this.#opened;
  }

  /** Sets the follower and replaces an earlier one. It is called after every change and before closing. */
  follow(follower: Follower): void {
    this.#follower = follower;
  }

  /** @throws Refusal (409) when no project is open */
  require(): OpenedProject {
    if (!this.#opened) throw new Refusal(409, 'No project is open: open one first.');
    this.#opened.refresh();
    return this.#opened;
  }

  /**
   * Opens the project in `folder` and closes the project that was open before. If opening fails, the earlier
   * project stays open.
   */
  open(folder: string): Promise<OpenedProject> {
    return this.#inTurn(async () => {
      if (this.#opened?.folder === resolve(folder)) return this.#opened;
      return this.#open(folder);
    });
  }

  /** Opens the open project anew, for example because the person trusts it now. */
  reopen(): Promise<OpenedProject> {
    return this.#inTurn(() => this.#open(this.require().folder));
  }

  async #open(folder: string): Promise<OpenedProject> {
    const next = await OpenedProject.open(folder, this.#host);
    const before = this.#opened;
    if (before) await this.#follower?.closing(before);
    this.#opened = next;
    await before?.close();
    this.#host.bus.publish({ type: 'changed', what: 'project', cases: null });
    return next;
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#opened) return;
      const before = this.#opened;
      await this.#follower?.closing(before);
      this.#opened = null;
      await before.close();
      this.#host.bus.publish({ type: 'changed', what: 'project', cases: null });
    });
  }
}
