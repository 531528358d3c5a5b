/** What menus, popovers and dialogs have in common: they turn the screen's keys off, and give the focus back. */
import { actions } from './actions.svelte.ts';
import { leavePanel } from './focus.ts';

/**
 * Call it while the panel's component is made. While the panel is open, keys run no actions.
 * @returns the handler for the panel's `onCloseAutoFocus`
 */
export function panel(isOpen: () => boolean): (event: Event) => void {
  let opener: Element | null = null;
  $effect(() => {
    if (!isOpen()) return;
    opener = document.activeElement;
    return actions.modal();
  });
  return (event) => leavePanel(event, opener);
}
