import { describe, expect, it } from 'vitest';
import { countParameters, parametersOf, statisticsOf } from '../../models/graph.ts';
import { zScore } from '../../models/preprocess.ts';
import { qam } from '../../models/qam.ts';
import { Random } from '../../models/random.ts';
import { unet } from '../../models/unet.ts';
import { averageWeights, initialWeights } from '../../models/weights.ts';

describe('the segmenter', () => {
  it('has 535,556 parameters at width 16, four levels, four outputs, no batch normalisation', () => {
    const graph = unet({ structures: 4, width: 16, levels: 4, batchNorm: false });
    expect(countParameters(graph)).toBe(535_556);
  });

  it('ends in one sigmoid channel per structure and halves its sides three times', () => {
    const graph = unet({ structures: 3, width: 8, levels: 4, batchNorm: true });
    expect(graph.layers.at(-1)).toMatchObject({ op: 'sigmoid', name: 'probabilities' });
    expect(graph.layers.at(-2)).toMatchObject({ op: 'conv', to: 3 });
    expect(graph.multiple).toBe(8);
  });

  it('reads only layers that were computed before', () => {
    for (const graph of [
      unet({ structures: 2, width: 4, levels: 5, batchNorm: true }),
      qam({ structures: 2, widths: [4, 8, 8], batchNorm: true, centred: true }),
    ]) {
      const known = new Set([graph.input.name]);
      for (const layer of graph.layers) {
        for (const input of layer.op === 'concat' ? layer.inputs : [layer.input]) {
          expect(known, `${graph.name}: ${layer.name} reads ${input}`).toContain(input);
        }
        known.add(layer.name);
      }
      for (const output of Object.keys(graph.outputs)) expect(known).toContain(output);
    }
  });
});

describe('the QAM', () => {
  it('takes the image and n label planes and keeps the map before the pool', () => {
    const graph = qam({ structures: 3, widths: [16, 32, 64, 64], batchNorm: true, centred: false });
    expect(graph.input.channels).toBe(4);
    expect(graph.outputs).toEqual({ pooled: 'score', map: 'quality_map' });
  });

  it('may score each label and see the segmenter’s output, and does neither by default', () => {
    const options = { structures: 3, widths: [16, 32], batchNorm: true, centred: true };
    const graph = qam({ ...options, scores: 'label', seesProposal: true });
    expect(graph.input.channels).toBe(7);
    expect(statisticsOf(graph)).toContainEqual({ name: 'centred', channels: 3 });
    expect(qam({ ...options, scores: 'case', seesProposal: false })).toEqual(qam(options));
  });

  it('centres its score without a parameter', () => {
    const graph = qam({ structures: 3, widths: [16, 32], batchNorm: true, centred: true });
    const plain = qam({ structures: 3, widths: [16, 32], batchNorm: true, centred: false });
    expect(graph.outputs).toEqual({ centred: 'score', map: 'quality_map' });
    expect(countParameters(graph)).toBe(countParameters(plain));
    expect(statisticsOf(graph)).toContainEqual({ name: 'centred', channels: 1 });
  });
});

describe('weights', () => {
  const graph = unet({ structures: 1, width: 4, levels: 2, batchNorm: true });

  it('start the same from the same seed, and differ from another seed', () => {
    expect(initialWeights(graph, 3)).toEqual(initialWeights(graph, 3));
    expect(initialWeights(graph, 3)).not.toEqual(initialWeights(graph, 4));
  });

  it('start with the variance of He’s rule', () => {
    const wide = unet({ structures: 1, width: 64, levels: 2, batchNorm: true });
    const filter = initialWeights(wide, 0).get('down0/b/conv/filter')!;
    const variance = filter.reduce((sum, value) => sum + value * value, 0) / filter.length;
    expect(variance).toBeCloseTo(2 / (9 * 64), 3);
  });

  it('are averaged array by array', () => {
    const [a, b] = [initialWeights(graph, 0), initialWeights(graph, 1)];
    const mean = averageWeights([a, b]);
    for (const { name } of parametersOf(graph)) {
      expect(mean.get(name)![0]).toBeCloseTo((a.get(name)![0] + b.get(name)![0]) / 2, 6);
    }
  });
});

describe('z-scoring', () => {
  it('gives zero mean and unit variance at any exposure', () => {
    const image = Uint16Array.from({ length: 4096 }, (_, index) => 20_000 + (index % 97) * 300);
    const z = zScore(image);
    const mean = z.reduce((sum, value) => sum + value, 0) / z.length;
    const variance = z.reduce((sum, value) => sum + value * value, 0) / z.length;
    expect(mean).toBeCloseTo(0, 5);
    expect(variance).toBeCloseTo(1, 4);
  });

  it('makes a flat image zero', () => {
    expect(zScore(new Uint16Array(16).fill(777)).every((value) => value === 0)).toBe(true);
  });
});

describe('random numbers', () => {
  it('are the same for the same seeds and unrelated for neighbours', () => {
    const draw = (...seeds: (number | string)[]): number[] => {
      const source = Random.forTraining(...seeds);
      return Array.from({ length: 5 }, () => source.next());
    };
    expect(draw(1, 'a')).toEqual(draw(1, 'a'));
    expect(draw(1, 'a')).not.toEqual(draw(2, 'a'));
    expect(draw(1, 'a')).not.toEqual(draw(1, 'b'));
  });

  it('are uniform or normal, as asked', () => {
    const source = Random.forTraining(7);
    const uniform = Array.from({ length: 20_000 }, () => source.next());
    const normal = Array.from({ length: 20_000 }, () => source.normal());
    const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    expect(mean(uniform)).toBeCloseTo(0.5, 1);
    expect(mean(normal)).toBeCloseTo(0, 1);
    expect(mean(normal.map((value) => value * value))).toBeCloseTo(1, 1);
  });

  it('shuffle without losing or doubling an item', () => {
    const items = Array.from({ length: 100 }, (_, index) => index);
    const shuffled = Random.forTraining(0).shuffle(items);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
  });
});
