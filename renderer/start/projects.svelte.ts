/** The start screen: recent projects and the demo. */
import type { DemoState, RecentProject, Task } from '../../audit/contract/api.ts';
import { client, sentenceOf } from '../shared/api.ts';
import { folders } from '../shared/folders.svelte.ts';
import { notices } from '../shared/notices.svelte.ts';
import { openProjectFolder } from '../shared/open.ts';
import { route } from '../shared/route.svelte.ts';
import { session } from '../shared/session.svelte.ts';
import { soon } from '../shared/soon.ts';

const PAUSE_MS = 400;

export class Projects {
  /** The recent projects; null until the first answer. */
  list = $state.raw<readonly RecentProject[] | null>(null);
  demo = $state.raw<DemoState | null>(null);
  problem = $state<string | null>(null);
  /** Folder of the project that is being opened, or null. */
  opening = $state<string | null>(null);
  /** Loads the list a moment later: the server writes it shortly after a project was opened. */
  readonly #soon = soon(PAUSE_MS, () => this.load());

  /** The newest task that makes the demo, running or ended; null if there is none. */
  readonly demoTask = $derived(this.#newestDemo(session.tasks));

  #newestDemo(tasks: readonly Task[]): Task | null {
    const demos = tasks.filter(({ kind }) => kind === 'demo');
    return demos.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt))[0] ?? null;
  }

  async load(): Promise<void> {
    try {
      const [recent, demo] = await Promise.all([client.recentProjects(), client.demo()]);
      this.list = recent.projects;
      this.demo = demo;
      this.problem = null;
    } catch (error) {
      this.problem = sentenceOf(error);
    }
  }

  /** Loads the projects and follows their changes. @returns a function that ends this */
  follow(): () => void {
    void this.load();
    const stop = session.subscribe((event) => {
      if (event.type === 'reset') void this.load();
      if (event.type === 'changed' && event.what === 'project') this.#soon.ask();
      if (event.type !== 'task' || event.task.state === 'running') return;
      if (event.task.kind === 'unpack' && event.task.state === 'done') route.go('review');
      if (event.task.kind === 'demo') {
        void this.load();
        if (event.task.state === 'done') route.go('review');
      }
    });
    return () => {
      this.#soon.stop();
      stop();
    };
  }

  async open(folder: string): Promise<void> {
    if (this.opening !== null) return;
    this.opening = folder;
    await openProjectFolder(folder);
    this.opening = null;
  }

  async choose(): Promise<void> {
    const folder = await folders.ask({ title: 'Open a project', kind: 'project' });
    if (folder !== null) await this.open(folder);
  }

  async forget(folder: string): Promise<void> {
    try {
      this.list = (await client.forgetProject(folder)).projects;
    } catch (error) {
      notices.error(sentenceOf(error));
    }
  }

  /** Makes, continues or opens the demo. */
  async tryDemo(): Promise<void> {
    if (this.demo?.state === 'ready') return this.open(this.demo.project);
    try {
      await client.startDemo();
    } catch (error) {
      notices.error(sentenceOf(error));
    }
  }
}
