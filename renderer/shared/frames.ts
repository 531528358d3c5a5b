/** Work that can wait until the next frame is drawn. */

/** Calls `run` once, after the next frame is drawn. @returns a function that cancels this */
export function afterFrame(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => (timer = setTimeout(run)));
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
