/** The backends that work on this machine, and the set-up of missing ones. */
import { DoctorResult } from '../../audit/contract/api.ts';
import type { BackendName, Task } from '../../audit/contract/api.ts';
import type { z } from 'zod';
import { client, sentenceOf } from '../shared/api.ts';
import { notices } from '../shared/notices.svelte.ts';
import { session } from '../shared/session.svelte.ts';

type Machine = z.infer<typeof DoctorResult>;

class MachineView {
  #doctor = $state<string | null>(null);

  #newest(kind: Task['kind']): Task | null {
    return (
      session.tasks
        .filter((task) => task.kind === kind)
        .toSorted((a, b) => b.startedAt.localeCompare(a.startedAt))[0] ?? null
    );
  }

  readonly doctor = $derived(
    session.tasks.find(({ id }) => id === this.#doctor) ?? this.#newest('doctor'),
  );
  readonly setup = $derived(this.#newest('setup'));
  readonly found = $derived.by((): Machine | null => {
    const parsed = DoctorResult.safeParse(this.doctor?.result);
    return parsed.success ? parsed.data : null;
  });

  async look(): Promise<void> {
    if (this.doctor?.state === 'running') return;
    try {
      this.#doctor = (await client.doctor()).id;
    } catch (error) {
      notices.error(sentenceOf(error));
    }
  }

  async setUp(backend: BackendName): Promise<void> {
    try {
      await client.setUp(backend);
    } catch (error) {
      notices.error(sentenceOf(error));
    }
  }

  /** Checks the machine again whenever a set-up is done. @returns a function that ends this */
  follow(): () => void {
    return session.subscribe((event) => {
      if (event.type !== 'task' || event.task.kind !== 'setup') return;
      if (event.task.state === 'done') void this.look();
    });
  }
}

export const machine = new MachineView();
