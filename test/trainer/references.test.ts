import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../models/random.ts';
import { mean } from '../../models/statistics.ts';
import { openBackend } from '../../trainer/backends/index.ts';
import type { Tf } from '../../trainer/backends/types.ts';
import { References } from '../../trainer/references.ts';

let tf: Tf;
beforeAll(async () => {
  tf = (await openBackend('wasm', () => undefined)).tf;
});

interface Labels {
  readonly losses: Float32Array;
  readonly drawn: boolean[];
}

/** Losses of `count` cases and two structures; empty labels have far lower losses, with less spread. */
function labelsOf(count: number, seed: number): Labels {
  const source = Random.forTraining(seed, 'references');
  const drawn = Array.from({ length: 2 * count }, () => source.next() < 0.4);
  const losses = Float32Array.from(drawn, (is, at) => {
    const structure = at % 2;
    return is ? 0.4 + structure + 0.1 * source.normal() : 0.02 + 0.005 * source.normal();
  });
  return { losses, drawn };
}

const all = (count: number): number[] => new Array<number>(2 * count).fill(1);

function standardised(references: References, { losses, drawn }: Labels): number[] {
  const tensor = tf.tensor2d(losses, [losses.length / 2, 2]);
  return [...references.standardise(tf, tensor, drawn).dataSync()];
}

describe('the losses that labels are compared with', () => {
  it('are those of labels that are drawn or empty alike: presence alone moves none', () => {
    const references = new References(2);
    for (let batch = 0; batch < 40; batch++) {
      const { losses, drawn } = labelsOf(8, batch);
      references.observe(losses, drawn, all(8));
    }
    const labels = labelsOf(400, 99);
    const values = standardised(references, labels);
    for (const structure of [0, 1]) {
      for (const drawn of [false, true]) {
        const own = values.filter((_, at) => at % 2 === structure && labels.drawn[at] === drawn);
        expect(Math.abs(mean(own)), `${structure} ${drawn}`).toBeLessThan(0.35);
        const variance = mean(own.map((value) => value ** 2));
        expect(variance).toBeGreaterThan(0.4);
        expect(variance).toBeLessThan(2);
      }
    }
  });

  it('keep a worse label of its kind worse', () => {
    const references = new References(1);
    const losses = Float32Array.from([0.1, 0.2, 0.3, 0.4]);
    references.observe(losses, [true, true, true, true], [1, 1, 1, 1]);
    const tensor = tf.tensor2d(losses, [4, 1]);
    const values = references.standardise(tf, tensor, [true, true, true, true]).dataSync();
    // The four losses have the mean 0.25 and the variance 0.0125.
    losses.forEach((loss, at) => {
      expect(values[at]).toBeCloseTo((loss - 0.25) / Math.sqrt(0.0125), 4);
    });
  });

  it('do not count labels that are absent', () => {
    const [some, others] = [new References(1), new References(1)];
    const drawn = [true, true, true, true, true];
    const present = [1, 1, 1, 1, 0];
    some.observe(Float32Array.of(0.1, 0.2, 0.3, 0.4, 7), drawn, present);
    others.observe(Float32Array.of(0.1, 0.2, 0.3, 0.4, 0), drawn, present);
    expect(some.state()).toEqual(others.state());
  });

  it('are unknown while few labels of the kind were seen: then a label counts as typical', () => {
    const references = new References(1);
    references.observe(Float32Array.of(0.1, 0.9, 0.5), [true, true, true], [1, 1, 1]);
    const values = references.standardise(tf, tf.tensor2d([9, 9], [2, 1]), [true, false]);
    expect([...values.dataSync()]).toEqual([0, 0]);
  });

  it('stay finite where all losses are equal', () => {
    const references = new References(1);
    references.observe(new Float32Array(8).fill(0.5), new Array(8).fill(true), all(4));
    const values = references.standardise(tf, tf.tensor2d([0.5, 0.6], [2, 1]), [true, true]);
    expect(values.dataSync()[0]).toBeCloseTo(0, 5);
    expect(Number.isFinite(values.dataSync()[1])).toBe(true);
  });

  it('go on from a checkpoint as if nothing had happened', () => {
    const [whole, stopped] = [new References(2), new References(2)];
    for (const seed of [1, 2]) {
      const { losses, drawn } = labelsOf(8, seed);
      whole.observe(losses, drawn, all(8));
      if (seed === 1) stopped.observe(losses, drawn, all(8));
    }
    const resumed = new References(2);
    resumed.load(JSON.parse(JSON.stringify(stopped.state())) as number[]);
    expect(resumed.state()).toEqual(stopped.state());
    const { losses, drawn } = labelsOf(8, 2);
    resumed.observe(losses, drawn, all(8));
    expect(resumed.state()).toEqual(whole.state());
    // A checkpoint of an earlier version holds no references: loading none changes nothing.
    resumed.load([]);
    expect(resumed.state()).toEqual(whole.state());
  });
});
