/** Opens a backend: the one that was named, or the first that works. */
import { BACKEND_ORDER } from '../messages.ts';
import type { BackendName } from '../messages.ts';
import { openTensorflow } from './tensorflow.ts';
import type { Backend } from './types.ts';
import { openWasm } from './wasm.ts';
import { openWebgpu } from './webgpu.ts';

export type { Backend } from './types.ts';

const OPEN: Readonly<Record<BackendName, () => Promise<Backend>>> = {
  tensorflow: () => openTensorflow(),
  webgpu: () => openWebgpu(),
  wasm: () => openWasm(),
};

/** Opens the backend `name`, never another. @throws Error in one sentence when it does not work here */
export function openOnly(name: BackendName): Promise<Backend> {
  return OPEN[name]();
}

/**
 * Opens the first backend that works, in the order of `BACKEND_ORDER`, beginning with `name` if it is not
 * null. `onNotice` gets one line for each backend that fails, except for the last one.
 * @throws Error when none works; its message says why the last one fails
 */
export async function openBackend(
  name: BackendName | null,
  onNotice: (line: string) => void,
): Promise<Backend> {
  const order = name === null ? BACKEND_ORDER : BACKEND_ORDER.slice(BACKEND_ORDER.indexOf(name));
  for (const [index, candidate] of order.entries()) {
    try {
      return await openOnly(candidate);
    } catch (error) {
      const why = sentence(error);
      const next = order[index + 1];
      if (next === undefined) throw new Error(`No backend works here: ${why}`, { cause: error });
      onNotice(`The backend ${candidate} does not work here (${why}), trying ${next}.`);
    }
  }
  throw new Error('There is no backend to try.');
}

/** The first line of an error, without a full stop. */
export function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.trim().split('\n')[0] ?? '').replace(/\.$/, '');
}
