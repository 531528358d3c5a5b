/**
 * Messages between the window of the desktop application and its main process, which shows the dialogs and
 * menus of the operating system. The preload script implements `Shell`; the main process checks every
 * message. In a browser `window.overread` is undefined.
 */
import { z } from 'zod';

/** Channel from the window to the main process; the message is a `ShellRequest`. */
export const SHELL_CHANNEL = 'overread:shell';
/** Channel from the main process to the window; the message is a `ShellEvent`. */
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
  /** Asks for the path of a new folder. */
  z.object({
    type: z.literal('pick-new-folder'),
    title: z.string().max(200),
    name: z.string().max(200),
  }),
  z.object({ type: z.literal('show-in-folder'), path: Path }),
  z.object({ type: z.literal('show-log') }),
  /** Opens the second window, which shows the stage, or brings it to the front. */
  z.object({ type: z.literal('show-stage') }),
]);
export type ShellRequest = z.infer<typeof ShellRequest>;

export const ShellAnswer = z.object({
  /** The chosen path, or null if the person chose none. Always null for the other requests. */
  path: Path.nullable(),
});
export type ShellAnswer = z.infer<typeof ShellAnswer>;

export const ShellEvent = z.discriminatedUnion('type', [
  /** The person chose an action (`actions.ts`) in the menu or by its key. */
  z.object({ type: z.literal('action'), id: z.string().max(100) }),
  /** The person dropped a project or dataset on the application's icon, or named it on the command line. */
  z.object({ type: z.literal('open'), path: Path }),
]);
export type ShellEvent = z.infer<typeof ShellEvent>;

/** `window.overread` in the desktop's window. */
export interface Shell {
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly versions: { readonly electron: string; readonly chrome: string };
  ask(request: ShellRequest): Promise<ShellAnswer>;
  /** @returns the path of `file`, a `File` that the person dropped on the page */
  pathOf(file: unknown): string;
  /** @returns a function that stops listening */
  onEvent(listener: (event: ShellEvent) => void): () => void;
}
