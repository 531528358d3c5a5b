/** What the audit log says of verdicts that the labels themselves do not: when the first came, and how. */
import { z } from 'zod';
import { BlindKind, Verdict } from '../contract/terms.ts';
import { labelKey } from '../contract/label-key.ts';
import type { ProjectReader } from '../store/types.ts';

const PAGE = 1000;

/** A verdict as the log tells of it; rows of before there were blind checks lack `blind`. */
const Given = z.object({
  case: z.string(),
  verdict: Verdict.nullable(),
  labels: z.array(z.object({ structure: z.string() })),
  blind: BlindKind.optional(),
});

export interface LabelName {
  readonly case: string;
  readonly structure: string;
}

/** A label that was judged without the ranking in sight, and the verdict it was given then. */
export interface BlindVerdict extends LabelName {
  readonly kind: BlindKind;
  readonly verdict: Verdict;
}

/** Labels in the order in which they were first judged, by the audit log; read on from its end. */
export class VerdictLog {
  readonly #project: ProjectReader;
  /** When each was first judged, ISO 8601. */
  readonly #first = new Map<string, string>();
  readonly #order: LabelName[] = [];
  readonly #blind = new Map<string, BlindVerdict>();
  #after = 0;

  constructor(project: ProjectReader) {
    this.#project = project;
  }

  list(): readonly LabelName[] {
    this.#read();
    return this.#order;
  }

  /** When a label was first judged; undefined where it never was. A verdict taken back counts, too. */
  firstAt(id: string, structure: string): string | undefined {
    this.#read();
    return this.#first.get(labelKey(id, structure));
  }

  /** Verdicts given blind that were not taken back. */
  blind(): readonly BlindVerdict[] {
    this.#read();
    return [...this.#blind.values()];
  }

  #read(): void {
    for (;;) {
      const rows = this.#project.auditLog({ after: this.#after, limit: PAGE });
      for (const { sequence, action, at, detail } of rows) {
        this.#after = sequence;
        const given = action === 'verdict' ? Given.safeParse(detail) : null;
        if (given?.success) this.#take(given.data, at);
      }
      if (rows.length < PAGE) return;
    }
  }

  #take({ case: id, verdict, labels, blind }: z.infer<typeof Given>, at: string): void {
    for (const { structure } of labels) {
      const key = labelKey(id, structure);
      if (!this.#first.has(key)) {
        this.#first.set(key, at);
        this.#order.push({ case: id, structure });
      }
      if (verdict === null) this.#blind.delete(key);
      else if (blind) this.#blind.set(key, { case: id, structure, kind: blind, verdict });
    }
  }
}
