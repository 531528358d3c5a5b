/** Shows on this window's stage what the stage of the first window shows. It draws nothing and judges nothing. */
import { session } from '../shared/session.svelte.ts';
import type { Casework } from './casework.ts';
import { Mirror } from './mirror.ts';
import type { Message, Shown } from './mirror.ts';

const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/**
 * Call it in an effect of the second window.
 * @param id the id in this window's address
 * @returns a function that ends it
 */
export function follow(casework: Casework, id: string): () => void {
  const { opened, editor } = casework;
  let newest: Shown | null = null;
  /** Whether this window shows `newest`: until then its own windowing is an older one. */
  let upToDate = false;

  const apply = (): void => {
    if (!newest || opened.detail?.case.id !== newest.case) return;
    const { looks, layers, windowing, orientation, active } = newest;
    for (const { structure: name, ...look } of looks) {
      const label = opened.labels.find(({ structure }) => structure.name === name);
      if (label) Object.assign(label, look);
    }
    Object.assign(opened.layers, layers);
    const at = opened.labels.findIndex(({ structure }) => structure.name === active);
    if (at >= 0) opened.active = at;
    if (!same(opened.windowing, windowing)) opened.setWindowing(windowing);
    opened.stage.window = newest.window;
    if (!same(opened.stage.orientation, orientation)) opened.stage.orient(orientation);
    upToDate = true;
  };
  const show = async (shown: Shown): Promise<void> => {
    newest = shown;
    if (shown.project !== session.project?.folder) return;
    if (opened.detail?.case.id === shown.case) {
      opened.veil(shown.case, shown.veiled);
      return apply();
    }
    upToDate = false;
    await opened.open(shown.case, { structure: shown.active, veiled: shown.veiled });
    if (newest?.case !== shown.case || opened.detail?.case.id !== shown.case) return;
    apply();
    // Asks for strokes that the server did not have yet.
    mirror.send({ type: 'hello', case: shown.case });
  };
  const take = (message: Message): void => {
    if (message.type === 'here') mirror.send({ type: 'hello', case: null });
    else if (message.type === 'close') window.close();
    else if (message.type === 'shown') void show(message);
    else if (message.type === 'pixels' && message.case === opened.detail?.case.id)
      editor.show(message.structure, message.rect, message.runs);
  };
  /** Loads what changed on the server, and asks for the strokes that it does not have yet. */
  const renew = async (): Promise<void> => {
    await opened.reload();
    mirror.send({ type: 'hello', case: opened.detail?.case.id ?? null });
  };
  const mirror = new Mirror(id, take);
  mirror.send({ type: 'hello', case: null });

  // The person may change the window here, too: it is the same in both windows.
  $effect(() => {
    const { windowing } = opened;
    if (newest && upToDate && !same(windowing, newest.windowing))
      mirror.send({ type: 'windowing', windowing });
  });
  const stop = session.subscribe((event) => {
    if (event.type === 'reset' || (event.type === 'changed' && event.what !== 'settings'))
      void renew();
  });
  const leave = (): void => mirror.send({ type: 'bye' });
  window.addEventListener('pagehide', leave);
  return () => {
    stop();
    window.removeEventListener('pagehide', leave);
    leave();
    mirror.close();
  };
}
