import { describe, expect, it } from 'vitest';
import { warmedUp } from '../../trainer/warmup.ts';

const STEPS = 100;
/** Losses of a learned structure, epoch by epoch; the last ones hardly fall. */
const learned = [0.5, 0.2, 0.11, 0.1, 0.1];

describe('the warm-up', () => {
  it('ends once the losses of all structures have settled', () => {
    const both = learned.map((loss) => [loss, loss + 0.2]);
    expect(warmedUp(both.slice(0, 4), 60, STEPS)).toBeNull();
    expect(warmedUp(both, 60, STEPS)).toMatch(/settled on every structure/);
  });

  it('goes on while a structure is not drawn yet, although its loss stands still', () => {
    const one = learned.map((loss) => [loss, 0.97]);
    expect(warmedUp(one, 60, STEPS)).toBeNull();
    const falling = [...one, [0.1, 0.9], [0.1, 0.5]];
    expect(warmedUp(falling, 60, STEPS)).toBeNull();
    const drawn = [...falling, [0.1, 0.4], [0.1, 0.39], [0.1, 0.39]];
    expect(warmedUp(drawn, 60, STEPS)).toMatch(/settled on every structure/);
  });

  it('leaves the QAM the rest of the training, whatever is not drawn', () => {
    const never = Array.from({ length: 36 }, () => [0.1, 0.97]);
    expect(warmedUp(never.slice(0, 35), 60, STEPS)).toBeNull();
    expect(warmedUp(never, 60, STEPS)).toMatch(/longest warm-up/);
  });

  it('has at least three epochs and 150 steps', () => {
    const settled = Array.from({ length: 5 }, () => [0.1]);
    expect(warmedUp(settled.slice(0, 2), 60, STEPS)).toBeNull();
    expect(warmedUp(settled.slice(0, 3), 60, STEPS)).not.toBeNull();
    expect(warmedUp(settled, 60, 20)).toBeNull();
  });
});
