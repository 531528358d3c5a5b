/**
 * The append-only log of changes by people, imports and runs. The hash of a row is
 * SHA-256(previous hash + canonical JSON of {sequence, at, author, action, detail}) in lower-case
 * hex; the previous hash of the first row is 64 zeros. Changing, removing or inserting a row breaks
 * the chain. `meta` holds the newest hash too, so that removing the last rows is found.
 */
import { createHash } from 'node:crypto';
import { counted } from '../contract/words.ts';
import type { Database } from './database.ts';
import { readMeta, writeMeta } from './meta.ts';
import type { AuditEntry } from './types.ts';

const firstHash = '0'.repeat(64);

interface Row {
  sequence: number;
  at: string;
  author: string;
  action: string;
  detail: string;
  hash: string;
}

/** JSON with sorted keys and no white space: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map((item) => canonicalJson(item === undefined ? null : item)).join(',')}]`;
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** The hash of a row. @param row with its `detail` parsed */
function hashRow(previous: string, row: Omit<AuditEntry, 'hash'>): string {
  const { sequence, at, author, action, detail } = row;
  return createHash('sha256')
    .update(previous + canonicalJson({ sequence, at, author, action, detail }))
    .digest('hex');
}

/** The hash of the first row, which identifies the project; empty if the log is empty. */
export function firstRowHash(db: Database): string {
  return db.get<{ hash: string }>('SELECT hash FROM audit ORDER BY sequence LIMIT 1')?.hash ?? '';
}

/** Appends a row. Call it inside the transaction of the change that the row describes. */
export function appendAudit(db: Database, author: string, action: string, detail: unknown): void {
  const last = db.get<{ sequence: number; hash: string }>(
    'SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1',
  );
  const text = canonicalJson(detail);
  const row = {
    sequence: (last?.sequence ?? 0) + 1,
    at: new Date().toISOString(),
    author,
    action,
    detail: JSON.parse(text) as unknown,
  };
  insertAuditRow(db, { ...row, hash: hashRow(last?.hash ?? firstHash, row) });
}

/** Inserts a row with its hash, as the newest row. Call it inside a transaction. */
export function insertAuditRow(db: Database, row: AuditEntry): void {
  const { sequence, at, author, action, detail, hash } = row;
  db.run(
    'INSERT INTO audit (sequence, at, author, action, detail, hash) VALUES (?, ?, ?, ?, ?, ?)',
    sequence,
    at,
    author,
    action,
    canonicalJson(detail),
    hash,
  );
  writeMeta(db, 'audit_head', hash);
}

/** Sequence number of the newest row; 0 if the log is empty. */
export function lastSequence(db: Database): number {
  const row = db.get<{ last: number | null }>('SELECT max(sequence) AS last FROM audit');
  return row?.last ?? 0;
}

/** Rows after sequence number `after`, oldest first. */
export function readAudit(
  db: Database,
  query: { after?: number; limit?: number } = {},
): AuditEntry[] {
  const rows = db.all<Row>(
    'SELECT * FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?',
    query.after ?? 0,
    query.limit ?? -1,
  );
  return rows.map(parse);
}

function parse(row: Row): AuditEntry {
  let detail: unknown;
  try {
    detail = JSON.parse(row.detail);
  } catch {
    // Only a tampered row is not JSON. Its text stays visible, and its hash does not match.
    detail = row.detail;
  }
  const { sequence, at, author, action, hash } = row;
  return { sequence, at, author, action, detail, hash };
}

/**
 * Checks the chain and calls `visit` for every row. The row after a broken row is checked against the
 * broken row's stored hash, so that one changed row gives one problem.
 * @returns one sentence for each problem
 */
export function checkAudit(db: Database, visit: (row: AuditEntry) => void): string[] {
  const problems: string[] = [];
  let previous = firstHash;
  let expected = 1;
  for (const raw of db.iterate<Row>('SELECT * FROM audit ORDER BY sequence')) {
    const row = parse(raw);
    if (row.sequence !== expected) {
      problems.push(
        `The audit log lacks ${counted(row.sequence - expected, 'row')} before number ${row.sequence}: ` +
          'somebody removed them; compare with a backup of project.db.',
      );
    }
    if (hashRow(previous, row) !== row.hash || canonicalJson(row.detail) !== raw.detail) {
      problems.push(
        `Row ${row.sequence} of the audit log does not match its hash: it or the row before it ` +
          'was changed outside Overread; compare with a backup of project.db.',
      );
    }
    visit(row);
    previous = row.hash;
    expected = row.sequence + 1;
  }
  if (readMeta(db, 'audit_head') !== previous) {
    problems.push(
      'The audit log does not end where it should: rows at its end were changed or removed; ' +
        'compare with a backup of project.db.',
    );
  }
  return problems;
}
