/** The second window, which shows the stage of the review for a second monitor: its address, and how to open it. */
import { shell } from './shell.ts';

const KEY = 'overread.stage';

/** The id by which the second window finds this one. It stays when the page is loaded again. */
export function ownId(): string {
  // The desktop application has one window.
  if (shell) return 'desktop';
  const id = sessionStorage.getItem(KEY) ?? crypto.randomUUID();
  sessionStorage.setItem(KEY, id);
  return id;
}

/** The id of the window that this one follows; null if this is no second window. */
export const followedId = (): string | null => /^#stage=([\w-]+)$/.exec(location.hash)?.[1] ?? null;

/** Opens the second window. */
export function openSecond(): void {
  if (shell) void shell.ask({ type: 'show-stage' });
  // Without an opener the browser gives the window a process of its own, so that drawing stays fast in this one.
  else window.open(`/#stage=${ownId()}`, '_blank', 'popup,noopener,width=1100,height=900');
}
