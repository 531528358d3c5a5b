/** One instance: a second launch hands over what it was given, and ends. */
import { app } from 'electron';
import { z } from 'zod';
import { givenIn, pathIn } from './opening.ts';

const Handed = z.object({ folder: z.string().max(4096).nullable() });

/** The folder or file this launch was given. */
export function askedFor(): string | null {
  return pathIn(givenIn(process.argv, app.isPackaged), process.cwd());
}

/**
 * @param onSecond what another launch was given
 * @returns false if another instance runs; it has got what this launch was given
 */
export function claimInstance(onSecond: (folder: string | null) => void): boolean {
  const mine = app.requestSingleInstanceLock({ folder: askedFor() });
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const handed = Handed.safeParse(data);
    onSecond(handed.success ? handed.data.folder : null);
  });
  return mine;
}
