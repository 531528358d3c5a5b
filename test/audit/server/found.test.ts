/** The number of errors found is the same in the window, the command line, the report and exports. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Insights, LeftResult } from '../../../audit/contract/api.ts';
import { isErrorFound } from '../../../audit/contract/terms.ts';
import { exportDataset } from '../../../audit/datasets/export/export.ts';
import { foreseeExport } from '../../../audit/datasets/export/losses.ts';
import { leftOfProject } from '../../../audit/ranking/evidence.ts';
import { gather } from '../../../audit/report/data.ts';
import { reportPage } from '../../../audit/report/page.ts';
import { openProject } from '../../../audit/store/project.ts';
import { overread } from '../cli/overread.ts';
import { maskOf, openFixture } from './project.ts';
import type { Fixture } from './project.ts';

const by = { author: 'Ada' };
const drawn = { ...by, reason: 'stroke' };
/** The labels that count as errors found in the project of these tests. */
const FOUND = [
  'case 10/heart',
  'case 2/lung',
  'case 4/lung',
  'case 6/lung',
  'case 7/lung',
  'case 8/heart',
];

let server: Fixture;

beforeEach(async () => {
  server = await openFixture(10);
  const opened = server.context.workspace.current;
  if (!opened) throw new Error('no project is open');
  const project = await opened.writer();
  project.setVerdict('case 1', 'lung', 'accepted', by);
  await project.addRevision('case 2', 'lung', maskOf(9, 1), drawn);
  project.setVerdict('case 2', 'lung', 'fixed', by);
  // A label that was fixed and then changed back to its first mask is no error.
  await project.addRevision('case 3', 'lung', maskOf(9, 1), drawn);
  project.setVerdict('case 3', 'lung', 'fixed', by);
  await project.addRevision('case 3', 'lung', maskOf(2, 0), drawn);
  project.setVerdict('case 4', 'lung', 'excluded', by);
  // A flag is a question, also on a changed label.
  project.setVerdict('case 5', 'lung', 'flagged', by);
  await project.addRevision('case 5', 'heart', maskOf(9, 1), drawn);
  project.setVerdict('case 5', 'heart', 'flagged', by);
  project.setVerdict('case 6', 'lung', 'flagged', by);
  project.setVerdict('case 6', 'lung', 'excluded', by);
  project.setVerdict('case 7', 'lung', 'fixed', by);
  await project.addRevision('case 7', 'lung', null, drawn);
  // A label that a person removed is an error, also without a verdict.
  await project.addRevision('case 8', 'heart', null, drawn);
  // A label that was redrawn does not count without a verdict, or with a verdict that was taken back.
  await project.addRevision('case 8', 'lung', maskOf(9, 1), drawn);
  await project.addRevision('case 9', 'lung', maskOf(9, 1), drawn);
  project.setVerdict('case 9', 'lung', 'fixed', by);
  project.setVerdict('case 9', 'lung', null, by);
  // The heart of the last case was absent in the dataset.
  await project.addRevision('case 10', 'heart', maskOf(1, 1), drawn);
  project.setVerdict('case 10', 'heart', 'fixed', by);
  opened.changed('project', null);
});
afterEach(() => server.close());

it('the labels themselves tell which are errors found', async () => {
  const project = await openProject(server.folder);
  const labels = project
    .cases()
    .flatMap(({ id, labels: own }) =>
      own.filter(isErrorFound).map(({ structure }) => `${id}/${structure}`),
    );
  expect(labels.sort()).toEqual(FOUND);
  project.close();
});

it('the window has the number of errors found', async () => {
  const insights = Insights.parse(await (await server.ask('/api/insights')).json());
  expect(insights.labels.found).toBe(FOUND.length);
  expect(insights.cases.found).toBe(FOUND.length);
  expect(insights.structures.map(({ structure, found }) => [structure, found])).toEqual([
    ['lung', 4],
    ['heart', 2],
  ]);
  expect(insights.curve.at(-1)).toEqual({ reviewed: 10, found: FOUND.length });
  const { left } = LeftResult.parse(await (await server.ask('/api/left')).json());
  expect(left?.found).toBe(FOUND.length);
});

it('the report and an export have the number of errors found', async () => {
  const project = await openProject(server.folder);
  const report = await gather(project);
  expect(report.verdicts.reduce((sum, row) => sum + row.found, 0)).toBe(FOUND.length);
  expect(reportPage({ ...report, worst: [] })).toContain('<b>6</b><span>errors found</span>');
  expect(leftOfProject(project).found).toBe(FOUND.length);
  expect((await foreseeExport(project, { format: 'coco' })).found).toBe(FOUND.length);
  const out = join(server.root, 'exported');
  expect((await exportDataset(project, out, { format: 'coco' })).found).toBe(FOUND.length);
  const record: unknown = JSON.parse(await readFile(join(out, 'overread-export.json'), 'utf8'));
  expect(record).toMatchObject({ errorsFound: FOUND.length });
  project.close();
});

it('the command line has the number of errors found', async () => {
  const said = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await overread(...args);
    expect(code, err).toBe(0);
    return out;
  };
  expect(JSON.parse(await said('left', server.folder, '--json'))).toMatchObject({ found: 6 });
  expect(await said('left', server.folder)).toContain('6 errors found');
  expect(await said('rank', server.folder)).toContain('6 errors found');
  const out = join(server.root, 'exported');
  expect(await said('export', server.folder, out, '--format', 'coco')).toContain('6 errors found');
});
