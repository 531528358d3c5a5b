/**
 * Messages between the window that reviews and its second window, which shows the same stage. They go over a channel of
 * the browser (`BroadcastChannel`), which only pages of the same origin can read.
 */
import { z } from 'zod';
import { Windowing } from './windowing.ts';

const Bytes = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array);
const Count = z.number().int().nonnegative();
const Share = z.number().min(0).max(1);

/** What the stage shows, except for the pixels of its labels. */
export const Shown = z.object({
  type: z.literal('shown'),
  /** Folder of the project. */
  project: z.string(),
  case: z.string(),
  /** Whether the ranking and the networks' output are hidden: a blind check. */
  veiled: z.boolean(),
  /** The structure that is drawn on, or null. */
  active: z.string().nullable(),
  looks: z.array(
    z.object({ structure: z.string(), visible: z.boolean(), fill: Share, outline: Share }),
  ),
  layers: z.object({
    labels: z.boolean(),
    proposal: z.boolean(),
    difference: z.boolean(),
    quality: z.boolean(),
    previous: z.boolean(),
  }),
  windowing: Windowing,
  window: z.object({ low: z.number(), high: z.number(), invert: z.boolean() }),
  orientation: z.object({
    mirrored: z.boolean(),
    turns: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
  }),
});
export type Shown = z.infer<typeof Shown>;

export const Message = z.discriminatedUnion('type', [
  /** From the second window: it is there, and has loaded this case or none. */
  z.object({ type: z.literal('hello'), case: z.string().nullable() }),
  /** From the second window: the person changed the windowing there. */
  z.object({ type: z.literal('windowing'), windowing: Windowing }),
  /** From the second window: it closes. */
  z.object({ type: z.literal('bye') }),
  /** From the first window: it is there (again). */
  z.object({ type: z.literal('here') }),
  /** From the first window: the second shall close. */
  z.object({ type: z.literal('close') }),
  Shown,
  /** From the first window: pixels of a label in a rectangle, as runs (`audit/contract/runs.ts`). */
  z.object({
    type: z.literal('pixels'),
    case: z.string(),
    structure: z.string(),
    rect: z.object({ x: Count, y: Count, width: Count, height: Count }),
    runs: Bytes,
  }),
]);
export type Message = z.infer<typeof Message>;

/** Name of the channel between a first window and its second. @param id the id in the second window's address */
const nameOf = (id: string): string => `overread-stage-${id}`;

/** A channel that checks what it receives. */
export class Mirror {
  readonly #channel: BroadcastChannel;

  /** @param take called with each message of the other window */
  constructor(id: string, take: (message: Message) => void) {
    this.#channel = new BroadcastChannel(nameOf(id));
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = Message.safeParse(data);
      if (message.success) take(message.data);
    };
  }

  send(message: Message): void {
    this.#channel.postMessage(message);
  }

  close(): void {
    this.#channel.close();
  }
}
