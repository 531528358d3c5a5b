/**
 * Kills changes of a project; `npm run fuzz:kills` does it at every moment. Each change of a person is one
 * transaction: killed in the middle of its commits, it has happened or has not. Needs a build.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { StoreWriter } from '../../audit/store/writer.ts';
import { damage } from './damage.mjs';
import { kills } from './kills.mjs';
import { OTHERS, changesOf, doorsOf } from './kills/table.mjs';

interface Change {
  readonly name: string;
  readonly door: 'command' | 'route' | 'store';
  readonly again?: boolean;
  readonly args?: readonly string[];
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PLACE = {
  ...{ project: 'P', data: 'D', out: 'O', pack: 'Z', mask: 'M', archive: 'A', config: 'C' },
  root: '',
};
const table = changesOf(PLACE) as Change[];

it('lists every route and command that changes a project, and every step of a program', () => {
  const files = readdirSync(`${ROOT}/audit/server/routes`).map(
    (name) => `audit/server/routes/${name}`,
  );
  const { routes, commands } = doorsOf(ROOT, files);
  expect(routes.length).toBeGreaterThan(30);
  const patterns = table
    .filter(({ door }) => door === 'route')
    .map(({ name }) => name.replace('/cases/case-1/labels/lung', '/cases/:id/labels/:structure'));
  const others = new Set(OTHERS.routes);
  const unlisted = routes.filter(
    (route) => !patterns.includes(route) && !others.has(route.split(' ')[1]),
  );
  expect(unlisted).toEqual([]);
  const killed = table.filter(({ door }) => door === 'command').map(({ args = [] }) => args[0]);
  const known = new Set([...killed, ...OTHERS.commands]);
  expect(commands.filter((name) => !known.has(name))).toEqual([]);
});

it('lists every method of the store that writes', () => {
  const reading = new Set(['constructor', 'close', 'auditLog', 'isAlive', 'together']);
  // These are what the routes and commands of the table call.
  const person = [
    'addCases',
    'addRevision',
    'setVerdict',
    'comment',
    'relink',
    'chooseRun',
    'changeStructure',
  ];
  const drawing = ['appendStroke', 'foldStrokes'];
  const named = new Set([...reading, ...person, ...drawing, ...table.map(({ name }) => name)]);
  const methods = Object.getOwnPropertyNames(StoreWriter.prototype);
  expect(methods.filter((name) => !named.has(name))).toEqual([]);
});

/** The changes that were several transactions once, and one of each other kind. */
const SHORT = /^overread (verdict undo|replace)$|^POST \/api\/verdicts|fold$|^PATCH/;

it('leaves a killed change whole or undone, and loses nothing that was acknowledged', async () => {
  const only = ({ name }: Change): boolean => SHORT.test(name);
  const options = { seed: 1, count: 0, workers: 2, points: 'commit', only };
  const result = (await kills(options)) as { kills: number; findings: string[] };
  expect(result.findings).toEqual([]);
  expect(result.kills).toBe(table.filter(only).length);
}, 240_000);

it('tells of a damaged database or WAL, or reads every row of it as before', async () => {
  const sum = (await damage({ seed: 1, first: 0, count: 24 })) as Record<string, unknown>;
  expect(sum).toMatchObject({ damaged: 24, findings: [] });
  expect(Number(sum['noticed'])).toBeGreaterThan(6);
  expect(Number(sum['repaired'])).toBeGreaterThan(2);
}, 120_000);
