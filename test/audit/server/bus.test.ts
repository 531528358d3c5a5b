import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventBus } from '../../../audit/server/tasks/bus.ts';

it('the event bus replays exactly the events after an id, or returns null if it no longer has them', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.nat(60),
      fc.nat(70),
      (capacity, count, from) => {
        const bus = new EventBus(capacity);
        const ids = [bus.position];
        for (let i = 0; i < count; i += 1) {
          bus.publish({ type: 'changed', what: 'runs', cases: [`${i}`] });
          ids.push(bus.position);
        }
        const id = ids[Math.min(from, count)];
        const missed = count - Math.min(from, count);
        const replay = bus.since(id);
        if (missed > capacity) expect(replay).toBe(null);
        else expect(replay?.map((event) => event.id)).toEqual(ids.slice(count - missed + 1));
      },
    ),
  );
});
