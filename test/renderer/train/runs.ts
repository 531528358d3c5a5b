/** Runs of a project, for tests of the train screen's parts. */
import type { Outlook, RunInfo } from '../../../audit/contract/api.ts';
import { Runs } from '../../../renderer/train/runs.svelte.ts';

export function runOf(id: string, change: Partial<RunInfo> = {}): RunInfo {
  return {
    id,
    startedAt: '2026-11-01T10:00:00.000Z',
    endedAt: '2026-11-01T10:05:00.000Z',
    status: 'done',
    config: null,
    summary: null,
    error: null,
    current: false,
    chosen: false,
    live: null,
    ...change,
  };
}

export const outlookOf = (change: Partial<Outlook> = {}): Outlook => ({
  cases: 10,
  labels: 20,
  excluded: 0,
  since: null,
  correctedSince: 0,
  excludedSince: 0,
  returnedSince: 0,
  secondsPerEpoch: null,
  backend: null,
  device: null,
  ...change,
});

/** @param list the runs, the oldest first */
export function runsOf(list: readonly RunInfo[], outlook: Partial<Outlook> = {}): Runs {
  const runs = new Runs();
  runs.list = list;
  runs.outlook = outlookOf(outlook);
  return runs;
}
