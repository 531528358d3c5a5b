/**
 * Checks single values of a database that somebody else may have written. SQLite keeps the type of a column only:
 * a hash may be a path, a text no JSON, and the number of a case any number.
 */
import { z } from 'zod';
import type { Database } from './database.ts';
import type { MetaKey } from './meta.ts';
import { StoredRun } from './runs.ts';

/** As the decoders of images allow (`codecs/raster.ts`). */
const MOST_PIXELS = 200_000_000;
const HASH = `length(%) = 64 AND % NOT GLOB '*[^0-9a-f]*'`;
const isHash = (column: string): string => HASH.replaceAll('%', column);
/** A name of a folder or file that leads nowhere else. */
const isName = (column: string): string =>
  `length(${column}) BETWEEN 1 AND 200 AND ${column} GLOB '[A-Za-z0-9]*' AND ${column} NOT GLOB '*[^A-Za-z0-9._-]*'`;
const isFinite = (...columns: string[]): string =>
  columns.map((name) => `(${name} IS NULL OR abs(${name}) < 1e300)`).join(' AND ');

/** A time as `Date.toISOString` gives it. */
const TIME = `(% IS NULL OR (% GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T*' AND julianday(%) IS NOT NULL))`;
const isTime = (...columns: string[]): string =>
  columns.map((name) => TIME.replaceAll('%', name)).join(' AND ');

/** What must hold for every row of a table; `what` names the values that do not. */
const rules: readonly { readonly table: string; readonly rule: string; readonly what: string }[] = [
  { table: 'cases', rule: isHash('image_hash'), what: 'the hash of an image' },
  {
    table: 'cases',
    rule: `width <= 65535 AND height <= 65535 AND width * height <= ${MOST_PIXELS}`,
    what: 'the size of an image',
  },
  { table: 'cases', rule: isFinite('spacing_x', 'spacing_y'), what: 'the size of a pixel' },
  // Overread never deletes a case or a structure, so that the n-th has the id n.
  {
    table: 'cases',
    rule: 'id BETWEEN 1 AND (SELECT count(*) FROM cases)',
    what: 'the number of a case',
  },
  {
    table: 'structures',
    rule: 'id BETWEEN 1 AND (SELECT count(*) FROM structures)',
    what: 'the number of a structure',
  },
  { table: 'cases', rule: 'length(name) BETWEEN 1 AND 4096', what: 'the name of a case' },
  { table: 'structures', rule: 'length(name) BETWEEN 1 AND 1000', what: 'the name of a structure' },
  {
    table: 'structures',
    rule: "length(colour) = 7 AND colour GLOB '#*' AND substr(colour, 2) NOT GLOB '*[^0-9a-f]*'",
    what: 'the colour of a structure',
  },
  { table: 'revisions', rule: `mask IS NULL OR (${isHash('mask')})`, what: 'the hash of a mask' },
  { table: 'runs', rule: isName('id'), what: 'the name of a run' },
  {
    table: 'runs',
    rule: 'json_valid(config) AND (summary IS NULL OR json_valid(summary))',
    what: 'the settings of a run',
  },
  { table: 'scores', rule: isName('model'), what: 'the name of a network' },
  {
    table: 'scores',
    rule: isFinite(
      ...['case_score', 'learned', 'dice', 'disagreement', 'softmin', 'area', 'proposal_area'],
      ...['boundary', 'boundary_off', 'place_x', 'place_y', 'place_left', 'place_top'],
      ...['place_width', 'place_height'],
    ),
    what: 'a score',
  },
  {
    table: 'scores',
    rule: 'pairs IS NULL OR json_valid(pairs)',
    what: 'what a pair of networks measured',
  },
  {
    table: 'structures',
    rule: 'hidden IN (0, 1) AND added IN (0, 1) AND json_valid(former)',
    what: 'what is known of a structure',
  },
  { table: 'calibrations', rule: 'json_valid(content)', what: 'a calibration' },
  ...['revisions', 'comments', 'strokes', 'scores', 'calibrations', 'audit'].map((table) => ({
    table,
    rule: isTime('at'),
    what: `a time in the table “${table}”`,
  })),
  { table: 'runs', rule: isTime('started_at', 'ended_at'), what: 'the time of a run' },
  { table: 'audit', rule: 'json_valid(detail)', what: 'a row of the audit log' },
];

/** The values of the table `meta` that are JSON. */
const texts: readonly (readonly [MetaKey, z.ZodType])[] = [
  [
    'origin',
    z.object({
      format: z.string(),
      options: z.record(z.string(), z.unknown()),
      layout: z.unknown(),
    }),
  ],
  ['chosen_run', StoredRun],
];

/** @returns a sentence for each kind of value that Overread does not write. The database has the newest schema. */
export function strangeValues(db: Database, folder: string): string[] {
  const strange: string[] = [];
  for (const { table, rule, what } of rules) {
    if (db.get(`SELECT 1 FROM ${table} WHERE NOT (${rule}) LIMIT 1`)) strange.push(what);
  }
  for (const [key, schema] of texts) {
    const row = db.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key);
    if (row !== undefined && !fits(row.value, schema)) strange.push(`“${key}”`);
  }
  return strange.map(
    (what) =>
      `In the database of the project ${folder}, ${what} is not what Overread writes: ask whoever gave you the project, or put project.db back from a backup.`,
  );
}

function fits(text: string, schema: z.ZodType): boolean {
  try {
    return schema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}
