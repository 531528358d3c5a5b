// npm run fuzz:damage [-- --count N --seed N --first N --json]: damages the database or the WAL of a project in a
// random place and way. Whoever opens and verifies the project must be told in a sentence, or the damage must be
// harmless: every row reads as before. Then `repair` must end in a sentence or in a project that verifies.
import { Buffer } from 'node:buffer';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Database } from '../../dist/audit/store/database.js';
import { openProject, openProjectForWriting } from '../../dist/audit/store/project.js';
import { repairProject } from '../../dist/audit/store/repair.js';
import { SUMMED } from '../../dist/audit/store/sums.js';
import { makeBase, placeIn, randomOf, withConfig } from './kills/place.mjs';

/** Leaves the project as a killed process does, with changes in the WAL. */
async function leaveWal(place) {
  const writer = await withConfig(place, () =>
    openProjectForWriting(place.project, { purpose: 'test' }),
  );
  writer.setVerdict('case-3', null, 'accepted', { author: 'Ada' });
  writer.comment('case-3', 'lung', 'odd', { author: 'Ada' });
  const files = ['project.db', 'project.db-wal'].map((name) => join(place.project, name));
  const kept = files.map((file) => readFileSync(file));
  writer.close();
  return { database: kept[0], wal: kept[1] };
}

/** One way to damage bytes. @returns the bytes and what was done; null deletes the file */
function harm(bytes, random) {
  const below = (n) => Math.floor(random() * n);
  const out = Buffer.from(bytes);
  const kinds = {
    bit: () => {
      const at = below(out.length);
      out[at] ^= 1 << below(8);
      return [out, `bit of byte ${at}`];
    },
    bytes: () => {
      const [at, length] = [below(out.length), 1 + below(64)];
      for (let i = at; i < Math.min(out.length, at + length); i += 1) out[i] = below(256);
      return [out, `${length} bytes from ${at}`];
    },
    page: () => {
      const page = below(Math.ceil(out.length / 4096));
      out.fill(below(2) * 0x55, page * 4096, Math.min(out.length, (page + 1) * 4096));
      return [out, `page ${page}`];
    },
    cut: () => {
      const length = below(out.length);
      return [out.subarray(0, length), `cut to ${length}`];
    },
    moved: () => {
      const pages = Math.floor(out.length / 4096);
      const [from, to] = [below(pages), below(pages)];
      out.copy(out, to * 4096, from * 4096, (from + 1) * 4096);
      return [out, `page ${from} also as ${to}`];
    },
    missing: () => [null, 'missing'],
  };
  // Small damage is the most likely, and the hardest to notice.
  const names = ['bit', 'bit', 'bit', 'bytes', 'bytes', 'page', 'cut', 'moved', 'missing'];
  return kinds[names[below(names.length)]]();
}

/** Every row of every table, as text. */
function rowsOf(folder) {
  const db = Database.openReadOnly(join(folder, 'project.db'));
  try {
    return JSON.stringify(SUMMED.map((table) => db.all(`SELECT * FROM ${table} ORDER BY 1, 2`)));
  } finally {
    db.close();
  }
}

/** What a person is told of the project; null if nothing is wrong. */
async function told(place) {
  try {
    const project = await withConfig(place, () => openProject(place.project));
    try {
      const findings = await project.verify();
      return findings.find(({ severity }) => severity === 'error')?.message ?? null;
    } finally {
      project.close();
    }
  } catch (error) {
    if (error.name !== 'UserError') throw error;
    return error.message;
  }
}

/** Damages the project `count` times. @returns counts, and what nobody was told */
export async function damage({ seed, first, count, onDone = () => undefined }) {
  const root = mkdtempSync(join(tmpdir(), 'overread-damage-'));
  const sum = { damaged: 0, noticed: 0, harmless: 0, repaired: 0, findings: [] };
  try {
    const base = placeIn(join(root, 'base'), join(root, 'data'));
    mkdirSync(base.root);
    await makeBase(base);
    const killed = await leaveWal(base);
    const closed = readFileSync(join(base.project, 'project.db'));
    const whole = rowsOf(base.project);
    for (let number = first; number < first + count; number += 1) {
      const random = randomOf(seed * 1_000_003 + number);
      // SQLite remembers a file as long as this process runs, so that each has a folder of its own.
      const place = placeIn(join(root, `d${number}`), base.data);
      cpSync(base.project, place.project, { recursive: true });
      mkdirSync(place.config, { recursive: true });
      for (const end of ['', '-wal', '-shm']) {
        rmSync(join(place.project, `project.db${end}`), { force: true });
      }
      const inWal = random() < 0.5;
      const files = inWal ? { '': killed.database, '-wal': killed.wal } : { '': closed };
      const target = inWal && random() < 0.7 ? '-wal' : '';
      const [bytes, what] = harm(files[target], random);
      files[target] = bytes;
      for (const [end, content] of Object.entries(files)) {
        if (content !== null) writeFileSync(join(place.project, `project.db${end}`), content);
      }
      sum.damaged += 1;
      const name = `${number}: project.db${target} ${what}`;
      try {
        const said = await told(place);
        const same = said === null && rowsOf(place.project) === whole;
        if (said !== null) sum.noticed += 1;
        else if (same) sum.harmless += 1;
        else sum.findings.push(`${name}: nobody was told`);
        if (said !== null) {
          await repairProject(place.project, { author: 'Ada' }).catch((error) => {
            if (error.name !== 'UserError') throw error;
          });
          if ((await told(place)) === null) sum.repaired += 1;
        }
      } catch (error) {
        sum.findings.push(`${name}: ${error.stack}`);
      }
      rmSync(place.root, { recursive: true, force: true });
      onDone(sum);
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return sum;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '0' },
      first: { type: 'string', default: '0' },
      count: { type: 'string', default: '500' },
      json: { type: 'boolean', default: false },
    },
  });
  const [seed, first, count] = [values.seed, values.first, values.count].map(Number);
  const sum = await damage({ seed, first, count });
  if (values.json) console.log(JSON.stringify(sum));
  else {
    const { damaged, noticed, harmless, repaired, findings } = sum;
    for (const finding of findings) console.log(finding);
    console.log(
      `${damaged} damaged: ${noticed} noticed (${repaired} repaired), ${harmless} harmless, ${findings.length} findings`,
    );
  }
  process.exit(sum.findings.length > 0 ? 1 : 0);
}
