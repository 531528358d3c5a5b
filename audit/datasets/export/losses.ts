/** What an export would do, and by how many pixels its format would fall short: nothing is written. */
import type { CaseSummary } from '../../contract/terms.ts';
import type { ProjectReader } from '../../store/types.ts';
import { formatToWrite } from '../registry.ts';
import { errorsFound, exportedCase, isLeftOut } from './exported.ts';
import { inOrder } from '../import/pipeline.ts';
import type { ExportedCase, ForeseenLoss } from '../types.ts';

const IN_FLIGHT = 2;

/** A case that is written, with its labels as they stand in the project. */
interface Written {
  readonly item: ExportedCase;
  readonly labels: CaseSummary['labels'];
}

export interface ExportOutlook {
  readonly format: string;
  readonly cases: number;
  /** Errors found, in all labels (`isErrorFound`). */
  readonly found: number;
  readonly corrected: number;
  readonly excludedLabels: number;
  readonly excludedCases: number;
  /** Labels that would not come back to the pixel, in the order of the cases. */
  readonly losses: readonly (ForeseenLoss & {
    /** Pixels that the label itself has. */
    readonly area: number;
  })[];
}

/**
 * Looks at every label that an export would write.
 * @param options.format default: the one that the dataset came in.
 * @throws UsageError when there is no such format; UserError when a file of the dataset is gone.
 */
export async function foreseeExport(
  project: ProjectReader,
  options: { readonly format?: string; readonly signal?: AbortSignal } = {},
): Promise<ExportOutlook> {
  const { signal } = options;
  const { origin, structures } = project;
  const { name: format, writer } = formatToWrite(origin.format, options.format);
  const counts = { cases: 0, found: 0, corrected: 0, excludedLabels: 0, excludedCases: 0 };
  function* cases(): Generator<Written> {
    for (const id of project.caseIds()) {
      signal?.throwIfAborted();
      const summary = project.case(id);
      if (summary === null) continue;
      const item = exportedCase(project, summary);
      counts.found += errorsFound(summary);
      counts.excludedLabels += item.labels.filter(({ verdict }) => verdict === 'excluded').length;
      if (isLeftOut(summary)) {
        counts.excludedCases += 1;
        continue;
      }
      counts.cases += 1;
      const isWritten = (structure: string) =>
        summary.labels.some((label) => label.structure === structure && label.state !== 'absent');
      counts.corrected += item.labels.filter(
        ({ structure, verdict, corrected }) =>
          corrected && verdict !== 'excluded' && isWritten(structure),
      ).length;
      yield { item, labels: summary.labels };
    }
  }
  const losses: ExportOutlook['losses'][number][] = [];
  const layout = format === origin.format ? origin.layout : null;
  const opened = await writer.open(layout, {
    root: origin.root,
    structures,
    link: false,
    excluded: [],
  });
  const look = async ({ item, labels }: Written) => {
    const found = (await opened.foresee?.(item)) ?? [];
    return found.map((loss) => {
      const label = labels.find(({ structure }) => structure === loss.structure);
      return { ...loss, area: label?.area ?? 0 };
    });
  };
  for await (const found of inOrder(cases(), IN_FLIGHT, look)) losses.push(...found);
  return { format, ...counts, losses };
}

/** Losses of a label each, summed up in a sentence; null when all is kept. */
export function lossSentence({
  format,
  losses,
}: Pick<ExportOutlook, 'format' | 'losses'>): string | null {
  if (losses.length === 0) return null;
  const pixels = losses.reduce((sum, loss) => sum + loss.pixels, 0);
  const labels = losses.length === 1 ? '1 label' : `${losses.length} labels`;
  return `The format ${format} cannot hold ${labels} exactly: ${pixels} ${pixels === 1 ? 'pixel' : 'pixels'} would differ.`;
}
