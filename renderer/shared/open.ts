/** Opens a project and shows its review. */
import { client, sentenceOf } from './api.ts';
import { notices } from './notices.svelte.ts';
import { route } from './route.svelte.ts';
import { session } from './session.svelte.ts';

/** On failure it shows a notice, and the previous project stays open. */
export async function openProjectFolder(folder: string): Promise<void> {
  try {
    session.project = await client.openProject(folder);
    route.go('review');
  } catch (error) {
    notices.error(sentenceOf(error));
  }
}
