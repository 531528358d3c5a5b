/** The words for a run. Pure. */
import { RunConfig, RunSummaries } from '../../audit/contract/api.ts';
import type { RunInfo, RunSummary } from '../../audit/contract/api.ts';
import { withoutFlags } from '../shared/ranked.ts';

export const STATUS_WORDS: Readonly<Record<RunInfo['status'], string>> = {
  running: 'running',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
};

export const STATUS_LOOK: Readonly<Record<RunInfo['status'], string>> = {
  running: 'bg-accent-soft text-accent-soft-text',
  done: 'bg-ok-soft text-ok',
  failed: 'bg-bad-soft text-bad',
  cancelled: 'bg-raised text-mute',
  interrupted: 'bg-warn-soft text-warn',
};

export function configOf(run: RunInfo): RunConfig | null {
  const parsed = RunConfig.safeParse(run.config);
  return parsed.success ? parsed.data : null;
}

/** The summaries of a run, one per fold or pair; empty if it did not end. */
function summariesOf(run: RunInfo): RunSummary[] {
  return RunSummaries.parse(run.summary);
}

/** Seconds that the run trained, over all folds or pairs; null if it did not end. */
export function secondsOf(run: RunInfo): number | null {
  const summaries = summariesOf(run);
  return summaries.length === 0 ? null : summaries.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** A sentence about a collapse of the ranking, live or at the end; null without a collapse. */
export function collapseOf(run: RunInfo): string | null {
  const live = run.live?.messages.find((message) => message.type === 'collapse');
  if (live?.type === 'collapse' && live.report.collapsed) return withoutFlags(live.report.message);
  const ended = summariesOf(run).find(({ collapse }) => collapse?.collapsed);
  return ended?.collapse ? withoutFlags(ended.collapse.message) : null;
}

/** Whether the networks learned a structure, over all folds or pairs of a run. */
export type Learned = RunSummary['learned'][number];

/**
 * What a run says of each structure it trained on, live or at its end; empty while unknown and for runs of
 * earlier versions. Of an ended training in folds or pairs, the dice is the mean over these parts, and a
 * structure counts as learned if every part learned it.
 */
export function learnedIn(run: RunInfo): Learned[] {
  const live = run.live?.messages.find((message) => message.type === 'learned');
  if (live?.type === 'learned') return live.reports;
  const parts = summariesOf(run).map(({ learned }) => learned);
  return (parts[0] ?? []).map(({ structure }) => {
    const own = parts.flatMap((reports) => reports.filter((each) => each.structure === structure));
    const dices = own.flatMap(({ dice }) => (dice === null ? [] : [dice]));
    const judged = own.find(({ learned }) => !learned) ?? own[0];
    const sum = dices.reduce((total, dice) => total + dice, 0);
    return { ...judged, dice: dices.length === 0 ? null : sum / dices.length };
  });
}

/** Backend and device in use; null while unknown. */
export function deviceOf(run: RunInfo): { backend: string; device: string } | null {
  const started = run.live?.messages.find((message) => message.type === 'started');
  if (started?.type === 'started') return { backend: started.backend, device: started.device };
  return summariesOf(run)[0] ?? null;
}
