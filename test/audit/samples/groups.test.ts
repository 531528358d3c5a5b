import { expect, it } from 'vitest';
import { projectManifest } from '../../../audit/samples/build.ts';
import { createIn, makeCase, makePlace } from '../store/fixture.ts';

it('a sample set groups the cases of a patient without naming the patient', async () => {
  const place = makePlace();
  const writer = await createIn(place);
  try {
    const about = [
      { patient: 'Doe^Jane', study: 'S-1' },
      { patient: 'Roe', study: null },
      { patient: 'Doe^Jane', study: 'S-2' },
      { patient: null, study: 'S-3' },
      { patient: null, study: 'S-3' },
      { patient: null, study: null },
    ];
    await writer.addCases(about.map((one, index) => ({ ...makeCase(place, index + 1), ...one })));
    const manifest = projectManifest(writer, { size: 8, structures: ['lung'] });
    const [a, b, c, d, e, alone] = manifest.cases.map(({ group }) => group);
    expect([a === c, d === e, new Set([a, b, d]).size, alone]).toEqual([true, true, 3, undefined]);
    expect(JSON.stringify(manifest)).not.toMatch(/Doe|Roe|S-/);
  } finally {
    writer.close();
    place.remove();
  }
});

it('a sample set of a dataset without patients has no groups', async () => {
  const place = makePlace();
  const writer = await createIn(place);
  try {
    await writer.addCases([makeCase(place, 1)]);
    const { cases } = projectManifest(writer, { size: 8, structures: ['lung'] });
    expect(Object.keys(cases[0])).toEqual(['id', 'split', 'present', 'masks']);
  } finally {
    writer.close();
    place.remove();
  }
});
