import { describe, expect, it } from 'vitest';
import { growingEpochs, qamSay, stopsEarly } from '../../trainer/schedule.ts';
import { smallConfig } from './fixture.ts';

describe("the QAM's say", () => {
  const config = smallConfig({ epochs: 60, sayEpochs: 6 });

  it('is none in the warm-up, then grows to all in even steps, and stays', () => {
    expect(qamSay(config, null, 20)).toBe(0);
    const says = [21, 22, 23, 24, 25, 26, 27, 28].map((epoch) => qamSay(config, 20, epoch));
    says.slice(0, 7).forEach((say, index) => expect(say).toBeCloseTo((index + 1) / 7, 12));
    expect(says[7]).toBe(1);
  });

  it('grows for at most a quarter of the epochs that are left', () => {
    expect(growingEpochs(config, 40)).toBe(5);
    expect(growingEpochs(config, 57)).toBe(0);
    expect(qamSay(config, 57, 58)).toBe(1);
  });

  it('is full at once without a warm-up, and none without a QAM', () => {
    expect(qamSay(config, 0, 1)).toBe(1);
    expect(qamSay({ ...config, qam: false }, 20, 40)).toBe(0);
  });

  it('is full before the patience of an early stop begins', () => {
    const patient = { ...config, averageEpochs: 2, patience: 4 };
    const state = { warmUpEnded: 10, best: { epoch: 9, dice: 0.9 }, references: [] };
    expect(stopsEarly({ ...state, epoch: 19 }, patient)).toBe(false);
    expect(stopsEarly({ ...state, epoch: 20 }, patient)).toBe(true);
  });
});
