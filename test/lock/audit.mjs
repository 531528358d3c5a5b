// npm run audit:lock [-- --accepted FILE]: asks the registry for known weaknesses of the packages in package-lock.json
// that are shipped. A weakness that nobody accepted (accepted.json: with a reason and a date) fails. Where no registry
// answers, this says so and passes.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';

const Accepted = z.array(
  z.strictObject({
    /** The end of the advisory's address, such as GHSA-xxxx-xxxx-xxxx. */
    advisory: z.string().min(1),
    package: z.string().min(1),
    /** Why the weakness does no harm here. */
    reason: z.string().min(20),
    /** When somebody looked last. */
    date: z.iso.date(),
  }),
);
const Advisory = z.object({
  url: z.string(),
  title: z.string(),
  name: z.string(),
  severity: z.string(),
});
const Report = z.object({
  vulnerabilities: z.record(z.string(), z.object({ via: z.array(z.unknown()) })),
});

const { values } = parseArgs({
  options: {
    accepted: {
      type: 'string',
      default: fileURLToPath(new URL('./accepted.json', import.meta.url)),
    },
  },
});
const accepted = Accepted.parse(JSON.parse(readFileSync(values.accepted, 'utf8')));

function readReport(text) {
  try {
    return Report.safeParse(JSON.parse(text));
  } catch {
    return { success: false };
  }
}

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  cwd: fileURLToPath(new URL('../..', import.meta.url)),
  encoding: 'utf8',
  maxBuffer: 2 ** 28,
});
const report = readReport(stdout ?? '');
if (!report.success) {
  console.log('No registry answers the audit, so no weakness was looked up.');
  process.exit(0);
}
// Besides advisories, `via` names packages that are weak through another one.
const found = new Map();
for (const { via } of Object.values(report.data.vulnerabilities)) {
  for (const cause of via) {
    const advisory = Advisory.safeParse(cause);
    if (advisory.success) found.set(advisory.data.url.split('/').at(-1), advisory.data);
  }
}
const known = new Set(accepted.map(({ advisory }) => advisory));
for (const { advisory, package: name } of accepted) {
  if (!found.has(advisory)) {
    console.log(`${advisory} of ${name} is gone: take it out of ${values.accepted}.`);
  }
}
const open = [...found].filter(([advisory]) => !known.has(advisory));
for (const [advisory, { name, severity, title, url }] of open) {
  console.log(`${advisory}: ${name} (${severity}), ${title}: ${url}`);
}
console.log(`${found.size} known weaknesses, ${open.length} of them not accepted`);
process.exit(open.length > 0 ? 1 : 0);
