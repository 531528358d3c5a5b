/** Shows the log: the desktop shows the file in the file manager, a browser shows a notice with the path. */
import { notices } from './notices.svelte.ts';
import { session } from './session.svelte.ts';
import { shell } from './shell.ts';

export function showLog(): void {
  if (shell) void shell.ask({ type: 'show-log' });
  else notices.show({ kind: 'info', text: `The log is on the server’s machine: ${session.log}` });
}
