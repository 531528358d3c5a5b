// Every change that a person or a program makes to a project, through the door that makes it: a command, a
// route of the server, or the store for the steps of a training. `kills.mjs` kills each while it runs.
//
// A change is one step, so that a killed one has happened or has not. With `again`, a killed one may have happened
// in part, and the same change made again gives the whole. `old`: project.db is an old copy.
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param place the folders of `place.mjs` */
export function changesOf(place) {
  const { project, data, out, pack, mask, archive } = place;
  const command = (name, ...args) => ({ name: `overread ${name}`, door: 'command', args });
  const LABEL = '/api/cases/case-1/labels/lung';
  const route = (method, path, content, more = {}) => ({
    name: `${method} ${path}`,
    door: 'route',
    project,
    before: [],
    request: [method, path, content],
    ...more,
  });
  const store = (name) => ({ name, door: 'store', args: [project, name] });
  const bytes = () => Buffer.alloc(32 * 32, 1).toString('base64');
  const stroke = (x) => ({
    ...{ x, y: 0, width: 1, height: 1 },
    before: Buffer.of(1).toString('base64'),
    after: Buffer.of(0, 1).toString('base64'),
  });
  const items = ['lung', 'heart'].map((structure) => ({ case: 'case-2', structure }));
  const also = [{ items: [{ case: 'case-2', structure: null }], verdict: 'accepted' }];
  const step = { items: [items[0]], verdict: 'excluded', comment: 'why', also };
  return [
    command('verdict accepted', 'verdict', project, 'case-2', 'accepted', '--comment', 'good'),
    command('verdict undo', 'verdict', project, 'case-0', 'undo'),
    command(
      'replace',
      ...['replace', project, 'case-1', '--structure', 'lung', '--mask', mask, '--comment', 'why'],
    ),
    command('relink', 'relink', project, `${data}-moved`),
    command('trust', 'trust', project),
    { ...command('repair', 'repair', project), again: true, old: true },
    { ...command('create', 'create', join(out, 'new.overread'), '--from', data), again: true },
    {
      ...command(
        'create --unpack',
        'create',
        join(out, 'new.overread'),
        '--from',
        archive,
        '--unpack',
      ),
      again: true,
    },
    { ...command('export', 'export', project, join(out, 'exported')), again: true },
    { ...command('report', 'report', project, join(out, 'report')), again: true },
    { ...command('pack', 'pack', project, join(out, 'a.overread.zip')), again: true },
    { ...command('unpack', 'unpack', pack, join(out, 'b.overread')), again: true },
    route('POST', `${LABEL}/revisions`, { bytes: bytes() }),
    route('POST', `${LABEL}/restore`, { revision: 1 }),
    route('DELETE', LABEL),
    route('POST', `${LABEL}/strokes`, stroke(9)),
    route('POST', `${LABEL}/strokes/fold`, {}),
    route('PUT', `${LABEL}/comment`, { text: 'odd' }),
    route('POST', '/api/verdicts', step),
    route('POST', '/api/verdicts/undo', {}, { before: [['POST', '/api/verdicts', step]] }),
    route('PUT', '/api/ranking/run', { run: null }),
    route('POST', '/api/project/relink', { root: `${data}-moved` }),
    route('POST', '/api/project/trust', {}),
    route('POST', '/api/project/structures', { change: 'rename', name: 'heart', to: 'cor' }),
    route('POST', '/api/project/structures', { change: 'remove', name: 'lung' }),
    route('PATCH', '/api/settings', { reviewer: 'Eve' }),
    route('POST', '/api/projects/open', { folder: project }, { project: null }),
    route('POST', '/api/projects/forget', { folder: project }),
    route('POST', '/api/export', { out: join(out, 'exported') }, { again: true }),
    route('POST', '/api/report', {}, { again: true }),
    route('POST', '/api/pack', { out: join(out, 'a.overread.zip') }, { again: true }),
    route('POST', '/api/unpack', { file: pack, project: join(out, 'b.overread') }, { again: true }),
    route(
      'POST',
      '/api/import',
      { source: data, project: join(out, 'new.overread') },
      { again: true },
    ),
    ...['startRun', 'resumeRun', 'endRun', 'saveScores', 'saveCalibration', 'addImportNotices'].map(
      store,
    ),
  ];
}

/** Routes and commands that change nothing of a project, or start a process that uses the store's steps. */
export const OTHERS = {
  routes: [
    // Read only, or tell a running program what to do.
    ...['/api/tasks/:id/cancel', '/api/project/close', '/api/project/verify', '/api/doctor'],
    ...['/api/runs/:id/cancel', '/api/runs/:id/pause', '/api/runs/:id/continue'],
    ...['/api/cases/:id/click', '/api/cases/:id/click/prepare'],
    ...['/api/evaluate', '/api/export/outlook', '/api/import/preview'],
    // `startRun`, `endRun`, `saveScores` and the other steps of the store; an import.
    ...['/api/runs', '/api/runs/:id/resume', '/api/score', '/api/demo'],
    // Makes the folder that `create --unpack` makes.
    '/api/import/unpack',
    // Installs programs for the machine.
    '/api/setup',
  ],
  commands: [
    ...['demo', 'open', 'train', 'score', 'serve', 'setup', 'benchmark', 'benchmark-page'],
    ...['rank', 'left', 'evaluate', 'history', 'verify', 'doctor'],
  ],
};

/**
 * The routes that write, and the commands, as the sources name them.
 * @param {string} root
 * @param {string[]} files
 * @returns {{ routes: string[], commands: string[] }}
 */
export function doorsOf(root, files) {
  const read = (file) => readFileSync(join(root, file), 'utf8');
  const routes = files.flatMap((file) =>
    [...read(file).matchAll(/app\.(post|put|patch|delete)\((LABEL|`[^`]+`|'[^']+')/g)].map(
      ([, method, path]) =>
        `${method.toUpperCase()} ${path.replaceAll(/['`]/g, '').replace(/\$?\{?LABEL\}?/, '/api/cases/:id/labels/:structure')}`,
    ),
  );
  const program = read('audit/cli/program.ts');
  const commands = [...program.matchAll(/^ {2}'?([a-z-]+)'?: async \(\)/gm)].map(
    ([, name]) => name,
  );
  return { routes, commands };
}
