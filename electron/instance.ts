/** Allows one running instance: a second launch sends its folder or file to the first, and ends. */
import { app } from 'electron';
import { z } from 'zod';
import { givenIn, pathIn } from './opening.ts';

const Handed = z.object({ folder: z.string().max(4096).nullable() });

/** The folder or file that this launch's command line names, or null. */
export function askedFor(): string | null {
  return pathIn(givenIn(process.argv, app.isPackaged), process.cwd());
}

/**
 * @param onSecond called with the folder or file that a second launch names, or null
 * @returns false if another instance runs already; that one has received this launch's folder or file
 */
export function claimInstance(onSecond: (folder: string | null) => void): boolean {
  const mine = app.requestSingleInstanceLock({ folder: askedFor() });
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const handed = Handed.safeParse(data);
    onSecond(handed.success ? handed.data.folder : null);
  });
  return mine;
}
