import { describe, expect, it } from 'vitest';
import { ApiFailure } from '../../../audit/contract/client.ts';
import type { Client } from '../../../audit/contract/client.ts';
import type { StrokeInfo, StrokeRequest } from '../../../audit/contract/api.ts';
import { Outbox, base64, strokeOf } from '../../../renderer/case/outbox.svelte.ts';
import type { Letter } from '../../../renderer/drawing/ink.svelte.ts';

const letter = (n: number, structure = 'lung'): Letter => ({
  id: 'case 1',
  structure,
  edit: {
    rect: { x: n, y: 0, width: 1, height: 1 },
    before: Uint8Array.of(1),
    after: Uint8Array.of(0, 1),
  },
});

/**
 * A server that keeps strokes. For each request it calls `before`, and fails with the error that this
 * throws (before the stroke is kept) or returns (afterwards).
 */
function server(before: (n: number) => void | Error) {
  const kept: StrokeRequest[] = [];
  let calls = 0;
  const client = {
    async strokes() {
      return { strokes: kept as StrokeInfo[] };
    },
    async appendStroke(_id: string, _structure: string, stroke: StrokeRequest) {
      const after = before((calls += 1));
      kept.push(stroke);
      if (after) throw after;
      return stroke as StrokeInfo;
    },
  } as unknown as Client;
  return { client, kept, calls: () => calls };
}

const none = (): Promise<void> => Promise.resolve();

describe('the outbox', () => {
  it('sends strokes in order, one at a time, and counts those on their way', async () => {
    const { client, kept } = server(() => undefined);
    const outbox = new Outbox(client, () => undefined, none);
    for (let n = 1; n <= 5; n += 1) outbox.push(letter(n));
    expect(outbox.pending).toBe(5);
    await outbox.flush();
    expect(outbox.pending).toBe(0);
    expect(kept.map(({ x }) => x)).toEqual([1, 2, 3, 4, 5]);
  });

  it('tries again while the server is away, and loses nothing', async () => {
    let away = 4;
    const { client, kept } = server(() => {
      if ((away -= 1) >= 0) throw new TypeError('Failed to fetch');
    });
    const pauses: number[] = [];
    const outbox = new Outbox(
      client,
      () => undefined,
      async (ms) => void pauses.push(ms),
    );
    outbox.push(letter(1));
    outbox.push(letter(2));
    await outbox.flush();
    expect(kept.map(({ x }) => x)).toEqual([1, 2]);
    expect(pauses).toEqual([300, 600, 1200, 2500]);
  });

  it('does not send a stroke twice when only its answer was lost', async () => {
    const { client, kept } = server((n) =>
      n === 1 ? new TypeError('Failed to fetch') : undefined,
    );
    const outbox = new Outbox(client, () => undefined, none);
    outbox.push(letter(1));
    outbox.push(letter(2));
    await outbox.flush();
    expect(kept.map(({ x }) => x)).toEqual([1, 2]);
  });

  it('tells of a stroke that is refused and goes on with those of other labels', async () => {
    const { client, kept } = server((n) => {
      if (n === 1) throw new ApiFailure(409, 'The label was changed meanwhile.', 'conflict');
    });
    const refused: string[] = [];
    const outbox = new Outbox(
      client,
      ({ id, structure }, error) => {
        refused.push(`${structure}: ${(error as Error).message}`);
        expect(outbox.drop(id, structure)).toBe(1);
      },
      none,
    );
    outbox.push(letter(1));
    outbox.push(letter(2, 'heart'));
    outbox.push(letter(3));
    await outbox.flush();
    expect(refused).toEqual(['lung: The label was changed meanwhile.']);
    expect(kept.map(({ x }) => x)).toEqual([2]);
    expect(outbox.pending).toBe(0);
  });

  it('tries at once when it is told that the server is back', async () => {
    let away = true;
    const { client, kept } = server(() => {
      if (away) throw new TypeError('Failed to fetch');
    });
    const outbox = new Outbox(
      client,
      () => undefined,
      () => new Promise(() => undefined),
    );
    outbox.push(letter(1));
    await new Promise((done) => setTimeout(done));
    away = false;
    outbox.retry();
    await outbox.flush();
    expect(kept).toHaveLength(1);
  });

  it('writes bytes as base64, however many', () => {
    const bytes = Uint8Array.from({ length: 100_003 }, (_, i) => (i * 7) & 255);
    expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    expect(strokeOf(letter(3).edit)).toEqual({
      x: 3,
      y: 0,
      width: 1,
      height: 1,
      before: 'AQ==',
      after: 'AAE=',
    });
  });
});
