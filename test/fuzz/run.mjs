// npm run fuzz [-- --only NAME --seed N --first N --count N --workers N --keep FILE --json]: mutates
// every fixture of every format a thousand times and imports each. An import must give a project or a
// sentence. A crash, a silence of 5 s, 1 GB of memory or a file outside of the project is a finding.
import { parseArgs } from 'node:util';
import { allFixtures } from './fixtures.mjs';
import { fuzz, keep } from './fuzz.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: '0' },
    first: { type: 'string', default: '0' },
    count: { type: 'string', default: '1000' },
    workers: { type: 'string', default: '2' },
    keep: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const [seed, first, count, workers] = [values.seed, values.first, values.count, values.workers].map(
  Number,
);
const fixtures = allFixtures().filter(({ name }) => name.includes(values.only));
if (fixtures.length === 0) {
  console.error(`No fixture has “${values.only}” in its name.`);
  process.exit(2);
}
if (values.keep !== undefined) {
  await keep(fixtures[0].name, seed, first, values.keep);
  console.log(`${values.keep}: mutation ${first} of ${fixtures[0].name}, seed ${seed}`);
  process.exit(0);
}

function show({ name, mutations, cases, notices, refused, peak, findings }) {
  const memory = `${Math.round(peak / 1024 ** 2)} MB`;
  console.log(
    `${name}: ${mutations} mutations, ${cases} cases, ${notices} notices, ${refused} refusals, ${memory}`,
  );
  for (const { number, problems } of findings) {
    for (const problem of problems) console.log(`  ${number}: ${problem.slice(0, 1500)}`);
  }
  if (findings.length > 0) {
    console.log(
      `  again: npm run fuzz -- --only '${name}' --seed ${seed} --first ${findings[0].number} --count 1`,
    );
  }
}
const onDone = values.json ? () => undefined : show;
const sums = await fuzz(fixtures, { seed, first, count, workers, onDone });
const found = sums.reduce((sum, { findings }) => sum + findings.length, 0);
const total = sums.reduce((sum, { mutations }) => sum + mutations, 0);
if (values.json) console.log(JSON.stringify(sums));
else console.log(`${fixtures.length} fixtures, ${total} mutations, ${found} findings`);
process.exit(found > 0 ? 1 : 0);
