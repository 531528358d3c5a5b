/** Debounced work: it runs once, a moment after the last call of `ask`. */
interface Soon {
  ask(): void;
  /** Cancels a run that is still waiting. */
  stop(): void;
}

/** @param pause milliseconds of quiet before the work is done */
export function soon(pause: number, work: () => unknown): Soon {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => clearTimeout(timer);
  const ask = (): void => {
    stop();
    timer = setTimeout(() => void work(), pause);
  };
  return { ask, stop };
}
