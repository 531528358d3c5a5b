import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { networkImages, scoreLabels, scoreOwn } from '../../../audit/scoring/labels.ts';
import { openNetworks } from '../../../audit/scoring/networks.ts';
import type { Networks } from '../../../audit/scoring/networks.ts';
import type { PreparedCase } from '../../../audit/scoring/prepare.ts';
import { SIDE, writeQam, writeSegmenter } from './fixture.ts';

/** A case whose lung is labelled in the first `drawn` of its 12 columns, and whose heart is absent. */
function prepared(id: string, drawn: number): PreparedCase {
  const pixels = SIDE * SIDE;
  const image = Uint16Array.from({ length: pixels }, (_, i) => (i % SIDE < 12 ? 60_000 : 20_000));
  const labels = new Uint8Array(2 * pixels);
  for (let i = 0; i < pixels; i += 1) labels[i] = i % SIDE < drawn ? 1 : 0;
  const size = { width: SIDE, height: SIDE };
  const task = { id, imageFile: '', imageHash: '', ...size, masks: ['m', null] };
  return { task, sample: { image, labels, truth: null } };
}

it('scoring labels alone gives the scores of whole cases, with fewer passes of the QAM', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'overread-labels-'));
  try {
    const [qam, segmenter] = [join(folder, 'qam.onnx'), join(folder, 'segmenter.onnx')];
    writeQam(qam);
    writeSegmenter(segmenter);
    const networks = await openNetworks(qam, segmenter);
    let passes = 0;
    const counting: Networks = {
      ...networks,
      quality: (planes, batch) => {
        passes += 1;
        return networks.quality(planes, batch);
      },
    };
    const cases = [prepared('a', 12), prepared('b', 7)];
    const segmented = await networks.segmenter!.segment(networkImages(networks, cases), 2);
    const own = await scoreOwn(counting, cases, segmented);
    // `scoreOwn` takes one pass of the QAM, because only the lung has labels; `scoreLabels` takes two.
    expect(passes).toBe(1);
    const whole = await scoreLabels(counting, cases);
    expect(passes).toBe(3);
    expect(own.map((score, i) => ({ ...score, caseScore: whole[i].caseScore }))).toEqual(whole);
    expect(own.map(({ case: id }) => id)).toEqual(['a', 'b']);
    expect(whole[0].caseScore).toBeGreaterThan(whole[1].caseScore);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
