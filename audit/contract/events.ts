/**
 * Server-sent events, `GET /api/events`. Each event has an id. A client that connects again gets the
 * events after its last one, or `reset` if the server no longer has all of them.
 */
import { z } from 'zod';
import { TrainerMessage } from '../../trainer/messages.ts';
import { Task } from './api.ts';
import { CaseId } from './terms.ts';

export const ServerEvent = z.discriminatedUnion('type', [
  /** A task started, advanced or ended. */
  z.object({ type: z.literal('task'), task: Task }),
  /** A message of the trainer about a run. */
  z.object({
    type: z.literal('run'),
    run: z.string(),
    message: TrainerMessage,
    /** The fold or pair of networks that trains, from 1; null if the run has neither. */
    fold: z.number().int().positive().nullable().default(null),
  }),
  /** The data that `what` names changed: a client that shows this data loads it again. */
  z.object({
    type: z.literal('changed'),
    what: z.enum(['project', 'labels', 'verdicts', 'comments', 'scores', 'runs', 'settings']),
    /** The cases that changed, or null if any case may have changed. */
    cases: z.array(CaseId).nullable(),
  }),
  /** The client missed events and has to load everything again. */
  z.object({ type: z.literal('reset') }),
]);
export type ServerEvent = z.infer<typeof ServerEvent>;

/** One message of an event stream. */
export interface StreamMessage {
  readonly id: string | null;
  readonly data: string;
}

/** Parses an event stream piece by piece (WHATWG HTML, 9.2.6). Comments (heartbeats) are skipped. */
export function eventStreamParser(): {
  /** @returns the messages that this piece completes */
  push(text: string): StreamMessage[];
  /** Id of the newest message, or null before the first id. A new connection resumes after it. */
  lastId(): string | null;
} {
  let rest = '';
  let id: string | null = null;
  let data: string[] = [];
  return {
    lastId: () => id,
    push(text) {
      const messages: StreamMessage[] = [];
      // A lone CR at the very end may be half of a CRLF: leave it for the next piece.
      const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) messages.push({ id, data: data.join('\n') });
          data = [];
          continue;
        }
        const colon = line.indexOf(':');
        if (colon === 0) continue;
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (field === 'data') data.push(value);
        else if (field === 'id' && !value.includes('\0')) id = value;
      }
      return messages;
    },
  };
}
