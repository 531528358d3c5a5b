/**
 * Set-up of component tests: loads the application's styles, and resets its state after each test.
 */
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
  // Forgets which layers were switched on.
  localStorage.clear();
});
