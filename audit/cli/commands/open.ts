/** `overread open`: opens the desktop application, or the browser without a desktop. */
import { resolve } from 'node:path';
import { openProject } from '../../store/project.ts';
import type { Register, Session } from '../command.ts';
import { openDesktop } from '../desktop.ts';
import { serveUntilDone } from './serve.ts';

/**
 * Opens a project, or for null the start screen. Waits until the person closes the application, or, if
 * the browser shows the project, until the person presses Ctrl-C.
 */
export async function openForPerson(session: Session, project: string | null): Promise<void> {
  const folder = project === null ? null : resolve(project);
  // A folder that is not a project fails here, before a window opens.
  if (folder !== null) (await openProject(folder)).close();
  const why = await openDesktop(session, folder);
  if (why === null || session.signal.aborted) return;
  session.terminal.say(`The desktop application cannot open: ${why}. The browser shows the same.`);
  await serveUntilDone(session, { ...(folder !== null && { project: folder }), browser: true });
}

export const registerOpen: Register = (program, session) => {
  program
    .command('open')
    .description('open the project in the desktop application, or in the browser without a desktop')
    .argument('[project]', 'the project folder')
    .addHelpText('after', '\nExample:\n  overread open chest.overread')
    .action((project: string | undefined) => openForPerson(session, project ?? null));
};
