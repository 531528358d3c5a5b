/**
 * Reads from the audit log when each label got its first verdict, and which verdicts were blind: given
 * without seeing the ranking.
 */
import { z } from 'zod';
import { BlindKind, Verdict } from '../contract/terms.ts';
import { labelKey } from '../contract/label-key.ts';
import type { ProjectReader } from '../store/types.ts';

const PAGE = 1000;

/** The detail of a verdict's audit row; `blind` is missing if the person saw the ranking. */
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

/** A verdict that a person gave without seeing the ranking. */
export interface BlindVerdict extends LabelName {
  readonly kind: BlindKind;
  readonly verdict: Verdict;
}

/** The verdicts of the audit log. Each call first reads the rows added since the last call. */
export class VerdictLog {
  readonly #project: ProjectReader;
  /** Time of each label's first verdict, ISO 8601. */
  readonly #first = new Map<string, string>();
  readonly #order: LabelName[] = [];
  readonly #blind = new Map<string, BlindVerdict>();
  #after = 0;

  constructor(project: ProjectReader) {
    this.#project = project;
  }

  /** Labels in the order of their first verdicts. */
  list(): readonly LabelName[] {
    this.#read();
    return this.#order;
  }

  /** Time of a label's first verdict, even if it was taken back; undefined if there never was one. */
  firstAt(id: string, structure: string): string | undefined {
    this.#read();
    return this.#first.get(labelKey(id, structure));
  }

  /** Blind verdicts that were not taken back. */
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
    for (const label of labels) {
      const structure = this.#project.nameNow(label.structure) ?? label.structure;
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
