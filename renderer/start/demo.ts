/** The steps of making the demo, in words for a person, and the current step. Pure. */
import type { Task } from '../../audit/contract/api.ts';
import type { Progress } from '../../audit/contract/terms.ts';

interface DemoStep {
  readonly title: string;
  readonly tasks: readonly Progress['task'][];
}

export const DEMO_STEPS: readonly DemoStep[] = [
  { title: 'Draw X-rays, some with planted errors', tasks: ['demo'] },
  { title: 'Import them into a project', tasks: ['import'] },
  { title: 'Find what computes fastest here', tasks: ['setup'] },
  { title: 'Train on the labels', tasks: ['samples', 'train'] },
  { title: 'Rank every label', tasks: ['score'] },
];

/** Index of the task's current step; 0 before its first message. */
export function demoStep(task: Task): number {
  const now = task.progress?.task;
  const at = DEMO_STEPS.findIndex(({ tasks }) => now !== undefined && tasks.includes(now));
  return Math.max(0, at);
}
