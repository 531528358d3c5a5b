/** Runs the demo on the command line and reports its steps on the terminal. */
import { join } from 'node:path';
import { chooseBackend, demoPlaces, makeDemoProject, trainDemo } from '../demo/demo.ts';
import type { DemoEvents, DemoPlan } from '../demo/demo.ts';
import type { RankEntry } from '../contract/terms.ts';
import { TRUTH_FILE, readTruth } from '../damage/truth.ts';
import type { TruthError } from '../damage/truth.ts';
import { evaluateProject } from '../ranking/evaluate.ts';
import type { Evaluation } from '../ranking/evaluate.ts';
import { rankProject } from '../ranking/rank.ts';
import { loadTruth } from '../ranking/truth.ts';
import type { BackendName } from '../../trainer/messages.ts';
import type { Session } from './command.ts';
import { trainAndTell } from './commands/train.ts';

export interface DemoOptions extends DemoPlan {
  readonly dir: string;
  /** The backend to train with, or null for the first of `BACKEND_ORDER` that can be set up and works. */
  readonly backend: BackendName | null;
}

export interface RankedDemo {
  readonly project: string;
  readonly ranking: readonly RankEntry[];
  readonly errors: readonly TruthError[];
  readonly evaluations: readonly Evaluation[];
}

/**
 * Makes the demo project in `dir`, or completes one that was begun. Then trains it, if it has no finished
 * training, ranks its cases, and evaluates the ranking.
 */
export async function runDemo(options: DemoOptions, session: Session): Promise<RankedDemo> {
  const { terminal, signal } = session;
  const { dir, backend } = options;
  const places = demoPlaces(dir);
  const events: DemoEvents = {
    signal,
    onProgress: (progress) => terminal.progress(progress),
    onNotice: (message) => terminal.say(message),
  };
  const project = await makeDemoProject(dir, options, events);
  terminal.endProgress();
  try {
    if (project.lastRun() === null) {
      const choose = async (): Promise<BackendName> => {
        const chosen = backend ?? (await chooseBackend(events));
        terminal.endProgress();
        return chosen;
      };
      await trainAndTell(project, session, 'progress', (running) =>
        trainDemo(project, options, choose, running),
      );
    }
    const { truth } = await loadTruth(project, places.dataset);
    const { errors } = await readTruth(join(places.dataset, TRUTH_FILE));
    return {
      project: places.project,
      ranking: rankProject(project, { by: 'combined', per: 'case' }),
      errors,
      evaluations: evaluateProject(project, truth),
    };
  } finally {
    project.close();
  }
}
