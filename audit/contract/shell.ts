/**
 * What the desktop's window can ask of its shell, beyond the server's routes: the operating
 * system's dialogs and menus. In a browser there is no shell, and `window.overread` is undefined.
 * Defined once: the preload script implements it, the main process checks every message with it.
 */
import { z } from 'zod';

/** Channel of every question to the main process; the message is a `ShellRequest`. */
export const SHELL_CHANNEL = 'overread:shell';
/** Channel of what the main process says on its own; the message is a `ShellEvent`. */
export const SHELL_EVENTS = 'overread:shell-event';

const Path = z.string().min(1).max(4096);

export const ShellRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('pick-folder'), title: z.string().max(200) }),
  z.object({
    type: z.literal('pick-file'),
    title: z.string().max(200),
    name: z.string().max(100),
    extensions: z.array(z.string().max(20)).min(1).max(20),
  }),
  /** A name for a folder that is not there yet. */
  z.object({
    type: z.literal('pick-new-folder'),
    title: z.string().max(200),
    name: z.string().max(200),
  }),
  z.object({ type: z.literal('show-in-folder'), path: Path }),
  z.object({ type: z.literal('show-log') }),
]);
export type ShellRequest = z.infer<typeof ShellRequest>;

/** A path, or null where the person chose none; `show-in-folder` and `show-log` answer null. */
export const ShellAnswer = z.object({ path: Path.nullable() });
export type ShellAnswer = z.infer<typeof ShellAnswer>;

export const ShellEvent = z.discriminatedUnion('type', [
  /** A menu item, or its accelerator: the id of an action of the interface. */
  z.object({ type: z.literal('action'), id: z.string().max(100) }),
  /** A project or a dataset folder was dropped on the icon or given on the command line. */
  z.object({ type: z.literal('open'), path: Path }),
]);
export type ShellEvent = z.infer<typeof ShellEvent>;

/** `window.overread` in the desktop's window. */
export interface Shell {
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly versions: { readonly electron: string; readonly chrome: string };
  ask(request: ShellRequest): Promise<ShellAnswer>;
  /** Path of a file or folder that was dropped on the page. */
  pathOf(file: unknown): string;
  /** @returns a function that stops listening */
  onEvent(listener: (event: ShellEvent) => void): () => void;
}
