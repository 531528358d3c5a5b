/**
 * Foresees an export without writing it: counts the cases and labels that it would write, and the pixels of
 * labels that the format cannot store.
 */
import type { ExportOutlook } from '../../contract/routes/runs.ts';
import type { CaseSummary } from '../../contract/terms.ts';
import { counted } from '../../contract/words.ts';
import type { ProjectReader } from '../../store/types.ts';
import { formatToWrite } from '../registry.ts';
import { errorsFound, exportedCase, isLeftOut } from './exported.ts';
import { layoutNow } from './layout-now.ts';
import { inOrder } from '../import/pipeline.ts';
import type { ExportedCase } from '../types.ts';
import { readingLayout } from './layout.ts';

const IN_FLIGHT = 2;

/** A case that the export would write, with its labels in the project. */
interface Written {
  readonly item: ExportedCase;
  readonly labels: CaseSummary['labels'];
}

/**
 * Checks every label that an export would write. The losses are in the order of the cases.
 * @param options.format default: the dataset's own format, or plain folders if it cannot be written
 * @throws UsageError when no writer has this name; UserError when a file of the dataset is missing.
 */
export async function foreseeExport(
  project: ProjectReader,
  options: { readonly format?: string; readonly signal?: AbortSignal } = {},
): Promise<ExportOutlook> {
  const { signal } = options;
  const { origin, structures } = project;
  const written = formatToWrite(origin.format, options.format);
  const { name: format, writer } = written;
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
  const opened = await readingLayout(() =>
    writer.open(layoutNow(project, written), {
      root: origin.root,
      structures,
      link: false,
      excluded: [],
    }),
  );
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

/** A sentence that sums up the losses, or null if there are none. */
export function lossSentence({
  format,
  losses,
}: Pick<ExportOutlook, 'format' | 'losses'>): string | null {
  if (losses.length === 0) return null;
  const pixels = losses.reduce((sum, loss) => sum + loss.pixels, 0);
  const labels = counted(losses.length, 'label');
  return `The format ${format} cannot hold ${labels} exactly: ${counted(pixels, 'pixel')} would differ.`;
}
