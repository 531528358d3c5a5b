/** Reads the cases of a project one after the other. */
import type { CaseSummary } from '../contract/terms.ts';
import type { ProjectReader } from './types.ts';

const PAGE = 1000;

/** Every case in import order. It reads a page at a time, so memory does not grow with their number. */
export function* allCases(reader: ProjectReader): Generator<CaseSummary> {
  for (let offset = 0; ; offset += PAGE) {
    const page = reader.cases({ offset, limit: PAGE });
    yield* page;
    if (page.length < PAGE) return;
  }
}
