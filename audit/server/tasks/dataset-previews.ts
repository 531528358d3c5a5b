/**
 * Reads a dataset's listing before its import. The reading is a task, so a person can follow and cancel
 * it. Only one reading runs at a time: a new one cancels the one before.
 */
import type { z } from 'zod';
import type { ImportPreviewRequest, Task } from '../../contract/api.ts';
import { openDataset } from '../../datasets/registry.ts';
import type { OpenedDataset } from '../../datasets/types.ts';
import { Refusal } from '../http/respond.ts';
import type { Tasks } from './tasks.ts';

type PreviewRequest = z.output<typeof ImportPreviewRequest>;

const CANCELLED = 'The preview of the dataset was cancelled.';

export interface DatasetPreviews {
  /**
   * Reads the listing of a dataset. If the request sets `known` and this dataset was read last, the
   * listing comes from memory.
   * @param gone aborted when the client leaves
   * @throws UserError when the dataset cannot be read; Refusal (409) when the task is cancelled
   */
  read(request: PreviewRequest, gone: AbortSignal): Promise<OpenedDataset>;
  /** Frees the last listing, which takes hundreds of megabytes for a large dataset. */
  forget(): void;
}

export function createDatasetPreviews(tasks: Tasks): DatasetPreviews {
  let current: Task | null = null;
  let last: { readonly key: string; readonly listing: OpenedDataset } | null = null;
  async function read(
    { source, format, options, known }: PreviewRequest,
    gone: AbortSignal,
  ): Promise<OpenedDataset> {
    const key = JSON.stringify([source, format, options]);
    if (known && last?.key === key) return last.listing;
    if (current !== null) tasks.cancel(current.id);
    last = null;
    const title = source === '' ? 'Look at the folders' : `Look at ${source}`;
    const reading = new Promise<OpenedDataset>((resolve, reject) => {
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
    const listing = await reading;
    last = { key, listing };
    return listing;
  }
  return {
    read,
    forget: () => {
      last = null;
    },
  };
}
