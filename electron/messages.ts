/** The messages between the main process and the audit process. */
import type { OwnKeys } from '../audit/contract/actions.ts';
import type { ServerEvent } from '../audit/contract/events.ts';
import type { RecentProject } from '../audit/contract/api.ts';
import type { ProgramName } from '../audit/processes/host.ts';
import type { Answering, Asking } from './wire/messages.ts';

/** Messages from the main process. */
export type ToAudit =
  | Asking
  /** The trainer or scorer has started. This message carries a port to it. */
  | { readonly type: 'program-started'; readonly id: number; readonly pid: number }
  | {
      readonly type: 'program-ended';
      readonly id: number;
      readonly code: number | null;
      /** The last characters of the program's output (`Tail`). */
      readonly tail: string;
    }
  /** Stop all tasks, release the project, and end. */
  | { readonly type: 'close' };

/** Messages from the audit process. */
export type FromAudit =
  | Answering
  /**
   * The audit process answers requests from now on. `problem`: why the project that it was started with
   * could not be opened, or null.
   */
  | { readonly type: 'ready'; readonly problem: string | null }
  | { readonly type: 'event'; readonly event: ServerEvent }
  /** `open`: the open project's folder, or null. `recent`: the recent projects. Sent when either changes. */
  | {
      readonly type: 'projects';
      readonly open: string | null;
      readonly recent: readonly RecentProject[];
    }
  /** The keys that the person chose. Sent at the start, and when they change. */
  | { readonly type: 'keys'; readonly keys: OwnKeys }
  /** Start the trainer or the scorer; the main process knows the program's path. */
  | { readonly type: 'start-program'; readonly id: number; readonly program: ProgramName }
  | { readonly type: 'kill-program'; readonly id: number };
