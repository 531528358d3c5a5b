/** Around each component test: the look of the application, and nothing left of the test before. */
import { afterEach, vi } from 'vitest';
import '../../../renderer/app.css';
import { folders } from '../../../renderer/shared/folders.svelte.ts';
import { notices } from '../../../renderer/shared/notices.svelte.ts';
import { route } from '../../../renderer/shared/route.svelte.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';

afterEach(() => {
  vi.restoreAllMocks();
  session.project = null;
  session.tasks = [];
  session.settings = null;
  session.connected = true;
  notices.list = [];
  folders.choose(null);
  route.go('start');
  // The layers that are shown.
  localStorage.clear();
});
