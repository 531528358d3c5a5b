/** Work that is asked for often and done once, a moment after the last asking. */
interface Soon {
  ask(): void;
  /** What was asked for and not done yet is not done any more. */
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
