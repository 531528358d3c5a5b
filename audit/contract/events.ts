/**
 * What the server sends on its own (server-sent events, `GET /api/events`). Each has an id to go on
 * from; a client that comes back with one that is gone gets `reset` and loads everything again.
 */
import { z } from 'zod';
import { TrainerMessage } from '../../trainer/messages.ts';
import { Task } from './api.ts';
import { CaseId } from './terms.ts';

export { TrainerMessage };

export const ServerEvent = z.discriminatedUnion('type', [
  /** A task started, came further, or ended. */
  z.object({ type: z.literal('task'), task: Task }),
  /** What the trainer says of a run. */
  z.object({
    type: z.literal('run'),
    run: z.string(),
    message: TrainerMessage,
    /** Counts from 1; null when it trains once on all. */
    fold: z.number().int().positive().nullable().default(null),
  }),
  /** Something changed that was perhaps shown: load it again. */
  z.object({
    type: z.literal('changed'),
    what: z.enum(['project', 'labels', 'verdicts', 'comments', 'scores', 'runs', 'settings']),
    /** The cases it concerns; null is all. */
    cases: z.array(CaseId).nullable(),
  }),
  /** Events were missed: load everything again. */
  z.object({ type: z.literal('reset') }),
]);
export type ServerEvent = z.infer<typeof ServerEvent>;

/** One message of an event stream, as it came over the wire. */
export interface StreamMessage {
  readonly id: string | null;
  readonly data: string;
}

/**
 * Takes an event stream apart as text comes in (WHATWG HTML, 9.2.6): `push` gives the messages that
 * became whole. Comments (heartbeats) give none.
 */
export function eventStreamParser(): {
  push(text: string): StreamMessage[];
  /** The newest id that came, to go on from. */
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
