/** The table of all labels (one cell per case and structure) agrees with the summaries of the cases. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Verdict } from '../../../audit/contract/terms.ts';
import { verdictOfCell, verdictOfCells } from '../../../audit/store/labeltable.ts';
import { openProject } from '../../../audit/store/project.ts';
import type { StoreWriter } from '../../../audit/store/writer.ts';
import { createIn, makeCase, makePlace } from './fixture.ts';
import type { Place } from './fixture.ts';

let place: Place;
let writer: StoreWriter;
const by = { author: 'Ada' };

beforeEach(async () => {
  place = makePlace();
  writer = await createIn(place);
});
afterEach(() => {
  writer.close();
  place.remove();
});

it('the table of labels has every verdict and absent label, and the column every annotator', async () => {
  const cases = Array.from({ length: 9 }, (_, i) => makeCase(place, i + 1));
  cases[1] = { ...cases[1], labels: cases[1].labels.slice(0, 1), annotator: 'Bea' };
  cases[2] = { ...cases[2], labels: [] };
  await writer.addCases(cases);
  Verdict.options.forEach((verdict, i) => writer.setVerdict(`case ${i + 4}`, null, verdict, by));
  writer.setVerdict('case 8', 'lung', 'flagged', by);
  await writer.addRevision('case 9', 'lung', null, { ...by, reason: 'test' });
  const reader = await openProject(writer.folder);
  const { cases: names, cells } = reader.labelTable();
  const width = reader.structures.length;
  const summaries = reader.cases();
  expect(names).toEqual(summaries.map(({ id }) => id));
  summaries.forEach((summary, index) => {
    const own = [...cells.subarray(index * width, (index + 1) * width)].map(verdictOfCell);
    expect(own, summary.id).toEqual(
      summary.labels.map(({ state, verdict }) => (state === 'absent' ? undefined : verdict)),
    );
    expect(verdictOfCells(cells, index * width, width), summary.id).toBe(summary.verdict);
  });
  const { values, places } = reader.columnTable('annotator');
  expect([values, [...places]]).toEqual([['Bea'], [-1, 0, -1, -1, -1, -1, -1, -1, -1]]);
  reader.close();
});

it('the list of changed labels agrees with the summaries of the cases', async () => {
  const cases = [1, 2, 3, 4].map((n) => makeCase(place, n));
  cases[2] = { ...cases[2], labels: [] };
  cases[3] = { ...cases[3], labels: [] };
  await writer.addCases(cases);
  const [first, second] = cases[0].labels;
  const drawn = { ...by, reason: 'stroke' };
  // Five labels in order: one is redrawn, one is redrawn and restored, one is removed, one is newly
  // drawn, and one is newly drawn and removed again.
  await writer.addRevision('case 1', first.structure, second.mask, drawn);
  await writer.addRevision('case 1', second.structure, first.mask, drawn);
  await writer.addRevision('case 1', second.structure, second.mask, drawn);
  await writer.addRevision('case 2', first.structure, null, drawn);
  await writer.addRevision('case 3', first.structure, first.mask, drawn);
  await writer.addRevision('case 4', first.structure, first.mask, drawn);
  await writer.addRevision('case 4', first.structure, null, drawn);
  const { structure } = first;
  const changed = ['case 1', 'case 2', 'case 3'].map((id) => ({ case: id, structure }));
  expect(writer.changedLabels()).toEqual(changed);
  const said = writer
    .cases()
    .flatMap(({ id, labels }) =>
      labels.flatMap((label) => (label.changed ? [{ case: id, structure: label.structure }] : [])),
    );
  expect(said).toEqual(changed);
});

it('the summaries of named cases come in the given order, without unknown cases', async () => {
  await writer.addCases([1, 2, 3].map((n) => makeCase(place, n)));
  const found = writer.casesOf(['case 3', 'nothing', 'case 1']);
  expect(found).toEqual([writer.case('case 3'), writer.case('case 1')]);
});
