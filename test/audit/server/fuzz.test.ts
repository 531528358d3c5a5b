/** Sends arbitrary requests: none may end in status 500, show a file of the machine, or lack a sentence. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiError } from '../../../audit/contract/api.ts';
import { openFixture } from './project.ts';
import type { Fixture } from './project.ts';

/** Hostile names that the cases of a dataset may have. */
const NAMES = [
  '<img src=x onerror=alert(1)>',
  '../../etc/passwd',
  'a/b%2Fc',
  '😀 "quoted"',
  '__proto__',
];

let server: Fixture;
beforeAll(async () => {
  server = await openFixture(NAMES.length, true, (index) => NAMES[index] ?? '');
  await writeFile(join(server.root, 'secret.txt'), 'TOP SECRET');
  await mkdir(join(server.folder, 'cache', 'reports'), { recursive: true });
});
afterAll(() => server.close());

const ROUTES: readonly (readonly [string, string])[] = [
  ['GET', '/'],
  ['GET', '/api/status'],
  ['GET', '/api/projects'],
  ['POST', '/api/projects/open'],
  ['POST', '/api/projects/forget'],
  ['GET', '/api/project/notices'],
  ['GET', '/api/project/log'],
  ['POST', '/api/project/relink'],
  ['POST', '/api/import/preview'],
  ['GET', '/api/tasks/ID'],
  ['POST', '/api/tasks/ID/cancel'],
  ['GET', '/api/cases'],
  ['GET', '/api/cases/ID'],
  ['GET', '/api/cases/ID/image'],
  ['GET', '/api/cases/ID/picture'],
  ['GET', '/api/cases/ID/quality'],
  ['DELETE', '/api/cases/ID/labels/STRUCTURE'],
  ['GET', '/api/cases/ID/labels/STRUCTURE/mask'],
  ['GET', '/api/cases/ID/labels/STRUCTURE/proposal'],
  ['GET', '/api/project/structures'],
  ['GET', '/api/cases/ID/labels/STRUCTURE/revisions'],
  ['POST', '/api/cases/ID/labels/STRUCTURE/revisions'],
  ['POST', '/api/cases/ID/labels/STRUCTURE/restore'],
  ['POST', '/api/cases/ID/labels/STRUCTURE/strokes'],
  ['POST', '/api/cases/ID/labels/STRUCTURE/strokes/fold'],
  ['PUT', '/api/cases/ID/labels/STRUCTURE/comment'],
  ['POST', '/api/verdicts'],
  ['POST', '/api/verdicts/undo'],
  ['GET', '/api/runs/ID'],
  ['GET', '/api/runs/ID/metrics'],
  ['POST', '/api/runs/ID/resume'],
  ['POST', '/api/runs/ID/cancel'],
  ['GET', '/api/ranking'],
  ['GET', '/api/insights'],
  ['POST', '/api/evaluate'],
  ['GET', '/api/reports/ID/report.html'],
  ['PATCH', '/api/settings'],
];

const text = fc.oneof(
  fc.string({ maxLength: 12, unit: 'binary' }),
  fc.constantFrom(
    ...NAMES,
    'lung',
    'heart',
    '..',
    '.',
    '%',
    '%00',
    '\0',
    '../secret.txt',
    'NaN',
    '1e999',
  ),
);
const query = fc.dictionary(
  fc.oneof(
    fc.constantFrom('limit', 'offset', 'sort', 'per', 'by', 'run', 'size', 'packing', 'revision'),
    fc.constantFrom('structure', 'verdict', 'min', 'max', 'search', 'v', 'drawn', 'case', 'after'),
  ),
  fc.oneof(text, fc.integer().map(String), fc.constantFrom('rank', 'name', 'runs', 'true')),
  { maxKeys: 3 },
);
const json = fc.oneof(
  fc.json({ maxDepth: 2 }).map((value) => JSON.parse(value) as unknown),
  fc.record(
    {
      folder: text,
      root: text,
      source: text,
      truth: text,
      items: fc.array(fc.record({ case: text, structure: fc.option(text) }), { maxLength: 3 }),
      verdict: fc.option(fc.constantFrom('accepted', 'nonsense')),
      text,
      revision: fc.integer(),
      reviewer: text,
      x: fc.integer(),
      y: fc.integer(),
      width: fc.integer(),
      height: fc.integer(),
      before: fc.base64String({ maxLength: 16 }),
      after: fc.base64String({ maxLength: 16 }),
      undo: text,
      options: fc.dictionary(fc.string({ maxLength: 6 }), text),
    },
    { requiredKeys: [] },
  ),
);

it('any request is answered with a result or a sentence, never with a defect', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...ROUTES),
      text,
      text,
      query,
      fc.oneof(
        json.map((value) => ({ type: 'application/json', body: JSON.stringify(value) })),
        text.map((body) => ({ type: 'application/json', body })),
        text.map((body) => ({ type: 'application/octet-stream', body })),
        text.map((body) => ({ type: 'application/x-www-form-urlencoded', body })),
      ),
      fc.option(fc.string({ maxLength: 12, unit: 'grapheme-ascii' })),
      async ([method, route], id, structure, values, sent, range) => {
        const part = (value: string): string => encodeURIComponent(value);
        const path = route.replace('ID', part(id)).replace('STRUCTURE', part(structure));
        const request = new Request(
          `http://overread.test${path}?${new URLSearchParams(values).toString()}`,
          {
            method,
            headers: {
              ...(range !== null && { range: `bytes=${range.trim()}` }),
              ...(method !== 'GET' && { 'content-type': sent.type }),
            },
            ...(method !== 'GET' && { body: sent.body }),
          },
        );
        const response = await server.app.fetch(request);
        const body = await response.text();
        const said = `${method} ${request.url} ${sent.body} → ${response.status} ${body.slice(0, 200)}`;
        expect(response.status, said).toBeLessThan(500);
        expect(body).not.toContain('TOP SECRET');
        expect(response.headers.get('x-content-type-options')).toBe('nosniff');
        if (response.status >= 400 && path.startsWith('/api/')) {
          const refused = ApiError.parse(JSON.parse(body));
          expect(refused.error, said).toMatch(/\S/);
          expect(refused.code, said).not.toBe('internal');
        }
        if (response.headers.get('content-type')?.startsWith('text/html')) {
          expect(body).not.toContain('<img src=x');
        }
      },
    ),
    { numRuns: 500 },
  );
}, 60_000);

it('every case can be asked for by its name, however hostile the name is', async () => {
  for (const name of NAMES) {
    const path = `/api/cases/${encodeURIComponent(name)}`;
    const response = await server.ask(path);
    expect(response.status, name).toBe(200);
    const { case: summary } = (await response.json()) as { case: { id: string } };
    expect(summary.id).toBe(name);
    expect((await server.ask(`${path}/picture?size=32`)).status).toBe(200);
  }
});

it('no request reaches a file outside the served folders', async () => {
  for (const path of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/api/reports/..%2f..%2f/report.html',
    '/api/reports/x/..%2f..%2fsecret.txt',
    '/api/runs/..%2f..%2f/metrics',
    '/api/cases/..%2f..%2f..%2fsecret.txt/image',
    `/api/cases/${encodeURIComponent(join(server.root, 'secret.txt'))}/image`,
  ]) {
    const response = await server.ask(path);
    expect(response.status, path).toBeGreaterThanOrEqual(400);
    expect(await response.text()).not.toContain('TOP SECRET');
  }
});

it('a request with a body that is too large is refused', async () => {
  const many = Array.from({ length: 2001 }, () => ({ case: 'x', structure: null }));
  const refused = await server.ask('/api/verdicts', 'POST', { items: many, verdict: null });
  expect(refused.status).toBe(400);
  const huge = new Request('http://overread.test/api/settings', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', 'content-length': String(2 ** 40) },
    body: '{}',
  });
  expect((await server.app.fetch(huge)).status).toBe(413);
});
