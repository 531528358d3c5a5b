/**
 * Looks at a dataset before it is imported: a task, so that it is followed and cancelled like any
 * other. One at a time: who looks at another dataset has given up the one before.
 */
import type { z } from 'zod';
import type { ImportPreviewRequest, Task } from '../../contract/api.ts';
import { openDataset } from '../../datasets/registry.ts';
import type { OpenedDataset } from '../../datasets/types.ts';
import { Refusal } from '../http/respond.ts';
import type { Tasks } from './tasks.ts';

type Asked = z.output<typeof ImportPreviewRequest>;

const CANCELLED = 'Looking at it was cancelled.';

export interface Looker {
  /**
   * Where the dataset is `known` the last look serves, if it was at the same.
   * @throws Refusal 409 when it is cancelled, by its task or by `gone`
   */
  look(asked: Asked, gone: AbortSignal): Promise<OpenedDataset>;
  /** Lets the last look go: of a large dataset it is hundreds of megabytes. */
  forget(): void;
}

export function makeLooker(tasks: Tasks): Looker {
  let current: Task | null = null;
  let last: { readonly key: string; readonly listing: OpenedDataset } | null = null;
  async function look(
    { source, format, options, known }: Asked,
    gone: AbortSignal,
  ): Promise<OpenedDataset> {
    const key = JSON.stringify([source, format, options]);
    if (known && last?.key === key) return last.listing;
    if (current !== null) tasks.cancel(current.id);
    last = null;
    const title = source === '' ? 'Look at the folders' : `Look at ${source}`;
    const looking = new Promise<OpenedDataset>((resolve, reject) => {
      const task = tasks.start(
        { kind: 'look', title, writes: false, project: false },
        async (signal, onProgress) => {
          try {
            resolve(await openDataset(source, options, format, { signal, onProgress }));
          } catch (error) {
            reject(signal.aborted ? new Refusal(409, CANCELLED, 'cancelled') : (error as Error));
            throw error;
          }
        },
      );
      current = task;
      const cancel = (): unknown => tasks.cancel(task.id);
      if (gone.aborted) cancel();
      gone.addEventListener('abort', cancel, { once: true });
    });
    const listing = await looking;
    last = { key, listing };
    return listing;
  }
  return {
    look,
    forget: () => {
      last = null;
    },
  };
}
