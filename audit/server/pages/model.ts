/** What the review page shows. */
import type { CaseDetail, CasesPage, Insights, ProjectInfo } from '../../contract/api.ts';
import type { RankEntry } from '../../contract/terms.ts';

export interface ReviewModel {
  readonly project: ProjectInfo;
  readonly queue: CasesPage;
  readonly limit: number;
  readonly search: string;
  readonly show: 'all' | 'open';
  readonly insights: Insights;
  /** Worst first; for the histogram's colours. */
  readonly entries: readonly RankEntry[];
  /** The strongest reason of each case on the page, in words. */
  readonly words: ReadonlyMap<string, string>;
  readonly selected: CaseDetail | null;
  /** Whether the picture can show the model's proposal. */
  readonly proposal: boolean;
  /** The case after the selected one: where a verdict leads. */
  readonly next: string | null;
  readonly revisions: readonly { structure: string; text: string; at: string }[];
}
