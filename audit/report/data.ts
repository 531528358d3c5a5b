/** Gathers the report's content from a project; `page.ts` turns it into HTML. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RankedBy } from '../contract/api.ts';
import { isDice } from '../contract/ranked.ts';
import { isErrorFound } from '../contract/terms.ts';
import type { LabelReasons, RankEntry, Structure, Verdict } from '../contract/terms.ts';
import type { Evaluation } from '../ranking/evaluate.ts';
import { previousModel, rankingModel } from '../ranking/model.ts';
import { rankProject, rankedProject } from '../ranking/rank.ts';
import { SUSPICIOUS } from '../ranking/thresholds.ts';
import { allCases } from '../store/all-cases.ts';
import type { ProjectReader, Run } from '../store/types.ts';
import { RUN_FILES } from '../../models/run-files.ts';
import { EpochMetrics } from '../../trainer/messages.ts';
import type { LabelPicture } from './picture.ts';

/** The row of a label in a ranking. */
export type LabelEntry = RankEntry & { readonly structure: string };

/** One of the worst labels with its picture, or with the reason why it has no picture. */
export interface WorstLabel {
  readonly entry: LabelEntry;
  /** The size of the image, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  readonly picture: LabelPicture | null;
  readonly problem: string | null;
}

export interface VerdictCounts {
  readonly structure: Structure;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Present labels without a verdict. */
  readonly open: number;
  readonly absent: number;
  /** Errors found (`isErrorFound`), removed labels included. */
  readonly found: number;
}

export interface ReportData {
  readonly name: string;
  readonly madeAt: Date;
  readonly structures: readonly Structure[];
  readonly cases: number;
  readonly model: string;
  /** The run whose scores give the ranking, or null if they come from a model that is no run. */
  readonly run: Run | null;
  readonly previousRun: string | null;
  /** What the report says about the ranking as a whole. */
  readonly ranked: RankedBy;
  readonly labels: readonly LabelEntry[];
  readonly worst: readonly WorstLabel[];
  readonly verdicts: readonly VerdictCounts[];
  readonly epochs: readonly EpochMetrics[];
  /** The structures, in the order of the values in the epochs' metrics. */
  readonly trained: readonly string[];
  readonly evaluation: readonly Evaluation[] | null;
}

/** The labels whose score is a dice below `SUSPICIOUS.bad`. */
export const suspiciousLabels = (labels: readonly LabelEntry[]): LabelEntry[] =>
  labels.filter(({ score, number }) => isDice(number) && score < SUSPICIOUS.bad);

const isLabel = (entry: RankEntry): entry is LabelEntry => entry.structure !== null;

/** The reasons for a label's rank, or null if there are none. */
export const entryReasons = (entry: LabelEntry): LabelReasons | null => entry.reasons[0] ?? null;

/**
 * The metrics of a run's epochs; empty without a metrics file. Lines that cannot be read are skipped,
 * because a run may have been cut off.
 */
async function readEpochs(folder: string): Promise<EpochMetrics[]> {
  let text: string;
  try {
    text = await readFile(join(folder, RUN_FILES.metrics), 'utf8');
  } catch {
    return [];
  }
  const epochs = new Map<number, EpochMetrics>();
  for (const line of text.split('\n')) {
    try {
      const parsed = EpochMetrics.safeParse(JSON.parse(line));
      // A resumed run may have repeated an epoch: the last one counts.
      if (parsed.success) epochs.set(parsed.data.epoch, parsed.data);
    } catch {
      // The run was cut off while it wrote this line.
    }
  }
  return [...epochs.values()].sort((a, b) => a.epoch - b.epoch);
}

function countVerdicts(reader: ProjectReader): VerdictCounts[] {
  const rows = new Map(
    reader.structures.map((structure) => [
      structure.name,
      {
        structure,
        counts: { accepted: 0, fixed: 0, excluded: 0, flagged: 0 },
        open: 0,
        absent: 0,
        found: 0,
      },
    ]),
  );
  for (const { labels } of allCases(reader)) {
    for (const label of labels) {
      const row = rows.get(label.structure);
      if (!row) continue;
      if (isErrorFound(label)) row.found += 1;
      if (label.state === 'absent') row.absent += 1;
      else if (label.verdict === null) row.open += 1;
      else row.counts[label.verdict] += 1;
    }
  }
  return [...rows.values()];
}

export interface GatherOptions {
  readonly model?: string;
  readonly evaluation?: readonly Evaluation[] | null;
}

/**
 * Gathers the report's content, except the worst labels and their pictures.
 * @throws UserError when nothing was scored yet, or `options.model` has no scores.
 */
export async function gather(
  reader: ProjectReader,
  options: GatherOptions = {},
): Promise<Omit<ReportData, 'worst'>> {
  const model = rankingModel(reader, options.model);
  const run = reader.run(model);
  const labels = rankProject(reader, { model, by: 'combined', per: 'label' }).filter(isLabel);
  return {
    name: reader.name,
    madeAt: new Date(),
    structures: reader.structures,
    cases: reader.counts.cases,
    model,
    run,
    previousRun: previousModel(reader, model),
    ranked: rankedProject(reader, { model, by: 'combined' }),
    labels,
    verdicts: countVerdicts(reader),
    epochs: run === null ? [] : await readEpochs(reader.runFolder(model)),
    trained:
      trainedStructures(run)?.map((name) => reader.nameNow(name) ?? name) ??
      reader.structures.map(({ name }) => name),
    evaluation: options.evaluation ?? null,
  };
}

/** The structures in a run's configuration, or null if it names none. */
function trainedStructures(run: Run | null): string[] | null {
  const config = run?.config as { structures?: unknown } | null | undefined;
  const names = config?.structures;
  return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : null;
}
