/** What passes between the main process and the process of the audit's application. */
import type { ServerEvent } from '../audit/contract/events.ts';
import type { RecentProject } from '../audit/contract/api.ts';
import type { ProgramName } from '../audit/processes/host.ts';
import type { Answering, Asking } from './wire/messages.ts';

/** From the main process. */
export type ToAudit =
  | Asking
  /** The program has started. The port to it comes with this message. */
  | { readonly type: 'program-started'; readonly id: number; readonly pid: number }
  | {
      readonly type: 'program-ended';
      readonly id: number;
      readonly code: number | null;
      /** The end of what it wrote. */
      readonly tail: string;
    }
  /** Cancel what runs, release the project, and end. */
  | { readonly type: 'close' };

/** From the audit's process. */
export type FromAudit =
  | Answering
  /** Requests are answered from now on. `problem`: why the project could not be opened. */
  | { readonly type: 'ready'; readonly problem: string | null }
  | { readonly type: 'event'; readonly event: ServerEvent }
  /** Folder of the open project, or null, and the recent projects. */
  | {
      readonly type: 'projects';
      readonly open: string | null;
      readonly recent: readonly RecentProject[];
    }
  /** By name: no path crosses a process. */
  | { readonly type: 'start-program'; readonly id: number; readonly program: ProgramName }
  | { readonly type: 'kill-program'; readonly id: number };
