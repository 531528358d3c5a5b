/**
 * Checks a project against its audit log: the chain must be unbroken, and replaying it must give
 * the verdicts, revisions, comments and imported rows of the database.
 */
import { z } from 'zod';
import { StructureChange } from '../contract/routes/structures.ts';
import { Structure } from '../contract/terms.ts';
import { checkAudit } from './audit-log.ts';
import type { Database } from './database.ts';
import { summariseImport } from './imports.ts';
import { readStructures, structureNamed } from './structures.ts';
import type { StoredStructure } from './structures.ts';
import type { AuditEntry, Finding } from './types.ts';

/** The state of the project that the audit log leads to. `key` makes the keys of the maps. */
interface AuditedState {
  verdicts: Map<string, string>;
  revisions: Map<string, string>;
  comments: Map<string, number>;
  imports: Map<string, unknown>[];
  /** Null if the log does not say which structures the project began with. */
  structures: AuditedStructure[] | null;
}

export function checkHistory(db: Database): Finding[] {
  const audited: AuditedState = {
    verdicts: new Map(),
    revisions: new Map(),
    comments: new Map(),
    imports: [],
    structures: null,
  };
  // The log calls a structure as it was called then; a name belongs to one structure for good.
  const structures = readStructures(db);
  const nameNow = (name: string): string => structureNamed(structures, name)?.name ?? name;
  const messages = checkAudit(db, (row) => replay(audited, row, nameNow));
  messages.push(...checkStructures(structures, audited));
  messages.push(...checkVerdicts(db, audited));
  messages.push(...checkRevisions(db, audited));
  messages.push(...checkComments(db, audited));
  messages.push(...checkImports(db, audited));
  return messages.map((message) => ({ severity: 'error', message }));
}

/** One string for several parts; different parts give different strings. */
function key(...parts: (string | number)[]): string {
  return JSON.stringify(parts);
}

type AuditedStructure = { name: string; colour: string; hidden: boolean };
const Created = z.object({ structures: z.array(Structure) });

/** Makes a change of the structures again, on a list. */
function restructure(list: AuditedStructure[], change: StructureChange): void {
  if (change.change === 'add') {
    list.push({ name: change.name, colour: change.colour, hidden: false });
    return;
  }
  const own = list.find(({ name }) => name === change.name);
  if (own === undefined) return;
  if (change.change === 'rename') own.name = change.to;
  else if (change.change === 'recolour') own.colour = change.colour;
  else own.hidden = change.change === 'remove';
}

function checkStructures(
  structures: readonly StoredStructure[],
  { structures: audited }: AuditedState,
): string[] {
  const text = (list: readonly AuditedStructure[]): string =>
    JSON.stringify(list.map(({ name, colour, hidden }) => [name, colour, hidden]));
  if (audited === null || text(structures) === text(audited)) return [];
  return [
    `The structures are not what the audit log says: they were changed outside Overread; ${advice}`,
  ];
}

function replay(audited: AuditedState, row: AuditEntry, nameNow: (name: string) => string): void {
  if (row.detail === null || typeof row.detail !== 'object') return;
  const detail = new Map<string, unknown>(Object.entries(row.detail));
  const text = (name: string): string => {
    const value = detail.get(name);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const list = (name: string): unknown[] => {
    const value = detail.get(name);
    return Array.isArray(value) ? (value as unknown[]) : [];
  };
  const count = (structure: string): void => {
    const label = key(text('case'), nameNow(structure));
    audited.comments.set(label, (audited.comments.get(label) ?? 0) + 1);
  };
  if (row.action === 'verdict') {
    for (const label of list('labels')) {
      const at = key(text('case'), nameNow((label as { structure: string }).structure));
      if (detail.get('verdict') === null) audited.verdicts.delete(at);
      else audited.verdicts.set(at, text('verdict'));
    }
    for (const structure of list('commented')) count(structure as string);
  } else if (row.action === 'revision') {
    const at = key(text('case'), nameNow(text('structure')), text('number'));
    audited.revisions.set(at, key(text('mask'), text('area'), text('reason'), row.author));
  } else if (row.action === 'comment') {
    count(text('structure'));
  } else if (row.action === 'import') {
    audited.imports.push(detail);
  } else if (row.action === 'create') {
    audited.structures =
      Created.safeParse(row.detail).data?.structures.map((structure) => ({
        ...structure,
        hidden: false,
      })) ?? null;
  } else if (row.action === 'structure') {
    const change = StructureChange.safeParse(row.detail);
    if (change.success && audited.structures) restructure(audited.structures, change.data);
  }
}

interface LabelRow {
  name: string;
  structure: string;
}

const from = `JOIN cases c ON c.id = x.case_id JOIN structures t ON t.id = x.structure_id`;
const advice = 'compare with a backup of project.db.';

function checkVerdicts(db: Database, audited: AuditedState): string[] {
  const problems: string[] = [];
  const left = new Map(audited.verdicts);
  for (const row of db.iterate<LabelRow & { verdict: string }>(
    `SELECT c.name, t.name AS structure, x.verdict FROM labels x ${from}
     WHERE x.verdict IS NOT NULL`,
  )) {
    const at = key(row.name, row.structure);
    if (left.get(at) !== row.verdict) problems.push(differs('verdict', row.structure, row.name));
    left.delete(at);
  }
  for (const at of left.keys()) {
    const [name, structure] = JSON.parse(at) as [string, string];
    problems.push(differs('verdict', structure, name));
  }
  return problems;
}

function checkRevisions(db: Database, audited: AuditedState): string[] {
  const problems: string[] = [];
  const left = new Map(audited.revisions);
  for (const row of db.iterate<
    LabelRow & { number: number; mask: string | null; area: number; reason: string; author: string }
  >(
    `SELECT c.name, t.name AS structure, x.number, x.mask, x.area, x.reason, x.author
     FROM revisions x ${from} WHERE NOT (x.number = 1 AND x.reason = 'import')`,
  )) {
    const at = key(row.name, row.structure, String(row.number));
    const is = key(row.mask ?? '', String(row.area), row.reason, row.author);
    if (left.get(at) !== is) {
      problems.push(differs(`revision ${row.number}`, row.structure, row.name));
    }
    left.delete(at);
  }
  for (const at of left.keys()) {
    const [name, structure, number] = JSON.parse(at) as [string, string, string];
    problems.push(differs(`revision ${number}`, structure, name));
  }
  return problems;
}

function checkComments(db: Database, audited: AuditedState): string[] {
  const problems: string[] = [];
  const left = new Map(audited.comments);
  for (const row of db.iterate<LabelRow & { n: number }>(
    `SELECT c.name, t.name AS structure, count(*) AS n FROM comments x ${from}
     GROUP BY x.case_id, x.structure_id`,
  )) {
    const at = key(row.name, row.structure);
    if (left.get(at) !== row.n) problems.push(differs('list of comments', row.structure, row.name));
    left.delete(at);
  }
  for (const at of left.keys()) {
    const [name, structure] = JSON.parse(at) as [string, string];
    problems.push(differs('list of comments', structure, name));
  }
  return problems;
}

function checkImports(db: Database, audited: AuditedState): string[] {
  const problems: string[] = [];
  for (const detail of audited.imports) {
    const first = Number(detail.get('first'));
    const last = Number(detail.get('last'));
    if (summariseImport(db, first, last).digest === detail.get('digest')) continue;
    problems.push(
      `The cases imported as rows ${first} to ${last} were changed outside Overread: ${advice}`,
    );
  }
  return problems;
}

function differs(what: string, structure: string, name: string): string {
  return (
    `The ${what} of label "${structure}" of case "${name}" is not what the audit log says: it ` +
    `was changed outside Overread; ${advice}`
  );
}
