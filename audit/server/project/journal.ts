/**
 * Checks strokes before they enter the journal. A stroke that was drawn on other pixels than the
 * label's would spoil the journal for good, so its `before` must equal the label's pixels. The
 * last labels that were drawn on are kept in memory, so that a check reads only the stroke's rectangle.
 */
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { labelKey } from '../../contract/label-key.ts';
import { drawStroke, fitsStroke } from '../../store/strokes.ts';
import type {
  DecodedStroke,
  ProjectReader,
  StoredStroke,
  StrokeReader,
  StrokeWriter,
} from '../../store/types.ts';
import { Refusal } from '../http/respond.ts';

/**
 * The pixels of a label with its strokes. They are valid until the label gets a newer stroke than `last` or
 * another mask than `mask`.
 */
interface DrawnLabel {
  readonly data: Uint8Array;
  /** Id of the newest stroke in `data`, or null if there is none. */
  readonly last: number | null;
  /** Hash of the newest revision's mask, or null if the label was absent. */
  readonly mask: string | null;
}

/** How many labels are kept in memory. */
const KEPT = 4;

export class StrokeJournal {
  readonly #project: ProjectReader & StrokeReader;
  readonly #drawn = new LRUCache<string, DrawnLabel>({ max: KEPT });
  /** Appends one stroke after the other, since each is compared with the pixels after the previous one. */
  readonly #inTurn = pLimit(1);

  constructor(project: ProjectReader & StrokeReader) {
    this.#project = project;
  }

  /** @throws Refusal (404) when there is no such case; (409) when `before` differs from the label's pixels */
  append(
    writer: StrokeWriter,
    id: string,
    structure: string,
    stroke: DecodedStroke,
    by: { author: string },
  ): Promise<StoredStroke> {
    return this.#inTurn(async () => {
      const key = labelKey(id, structure);
      const summary = this.#project.case(id);
      if (!summary) throw new Refusal(404, 'The project has no such case.');
      const mask = summary.labels.find((label) => label.structure === structure)?.mask ?? null;
      const last = this.#project.strokes(id, structure).at(-1)?.id ?? null;
      let drawn = this.#drawn.get(key);
      if (!drawn || drawn.last !== last || drawn.mask !== mask) {
        const now = await this.#project.drawn(id, structure);
        const data = now?.data ?? new Uint8Array(summary.width * summary.height);
        drawn = { data, last, mask };
      }
      const size = { width: summary.width, height: summary.height, data: drawn.data };
      if (!fitsStroke(size, stroke)) {
        throw new Refusal(409, 'The label was changed meanwhile: load it again, then draw.');
      }
      const stored = writer.appendStroke(id, structure, stroke, by);
      drawStroke(size, stroke);
      this.#drawn.set(key, { data: drawn.data, last: stored.id, mask });
      return stored;
    });
  }
}
