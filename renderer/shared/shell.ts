/** What the desktop application offers to its window (dialogs, menus); null in a browser. */
import type { Shell } from '../../audit/contract/shell.ts';

declare global {
  interface Window {
    readonly overread?: Shell;
  }
}

export const shell: Shell | null = window.overread ?? null;

/** Whether this is a Mac, on which modifier keys have other names. */
export const isMac = shell
  ? shell.platform === 'darwin'
  : /Mac|iP(hone|ad)/.test(navigator.platform);
