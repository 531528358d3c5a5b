/**
 * The open project's case summaries and scores, read once and kept: the queue, rankings and counts
 * all go over every one of them, and reading 100,000 cases from the database takes seconds.
 */
import type { CaseSummary } from '../contract/terms.ts';
import type { CaseQuery, LabelScore, ProjectReader } from '../store/types.ts';

const PAGE = 5000;

export class Memory {
  /** The project, except that summaries and scores come from memory. */
  readonly reader: ProjectReader;
  readonly #project: ProjectReader;
  readonly #scores = new Map<string, LabelScore[]>();
  #summaries: CaseSummary[] | null = null;
  #indexOf = new Map<string, number>();

  constructor(project: ProjectReader) {
    this.#project = project;
    const kept = {
      cases: (query?: CaseQuery) => this.cases(query),
      case: (id: string) => this.case(id),
      scores: (model: string) => this.scores(model),
    };
    this.reader = new Proxy(project, {
      get(target, name) {
        if (name in kept) return kept[name as keyof typeof kept];
        const value: unknown = Reflect.get(target, name, target);
        // Methods keep their own `this`: a project has private fields.
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  /** All of them, in import order. */
  summaries(): readonly CaseSummary[] {
    if (this.#summaries) return this.#summaries;
    const summaries: CaseSummary[] = [];
    for (let offset = 0; ; offset += PAGE) {
      const page = this.#project.cases({ offset, limit: PAGE });
      for (const summary of page) summaries.push(summary);
      if (page.length < PAGE) break;
    }
    this.#summaries = summaries;
    this.#indexOf = new Map(summaries.map(({ id }, index) => [id, index]));
    return summaries;
  }

  cases(query: CaseQuery = {}): CaseSummary[] {
    const { offset = 0, limit, search = '' } = query;
    if (search !== '') return this.#project.cases(query);
    return this.summaries().slice(offset, limit === undefined ? undefined : offset + limit);
  }

  case(id: string): CaseSummary | null {
    const index = this.indexOf(id);
    return index === null ? null : (this.summaries()[index] ?? null);
  }

  /** The place of a case in `summaries`. */
  indexOf(id: string): number | null {
    this.summaries();
    return this.#indexOf.get(id) ?? null;
  }

  scores(model: string): LabelScore[] {
    const known = this.#scores.get(model);
    if (known) return known;
    const scores = this.#project.scores(model);
    // The model that ranks and the one before it.
    if (this.#scores.size >= 2) this.#scores.clear();
    this.#scores.set(model, scores);
    return scores;
  }

  /** Reads these cases again; false when one is not known, and everything is forgotten. */
  refresh(ids: readonly string[]): boolean {
    for (const id of ids) {
      if (!this.#summaries) return true;
      const index = this.#indexOf.get(id);
      const summary = this.#project.case(id);
      if (index === undefined || !summary) {
        this.forget();
        return false;
      }
      this.#summaries[index] = summary;
    }
    return true;
  }

  forgetScores(): void {
    this.#scores.clear();
  }

  forget(): void {
    this.#summaries = null;
    this.#indexOf.clear();
    this.#scores.clear();
  }
}
