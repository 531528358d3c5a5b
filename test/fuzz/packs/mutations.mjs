// What a hostile pack may hold. Each kind changes the files of a real pack, or the zip around them.
import { Buffer } from 'node:buffer';
import { join } from 'node:path';
import { deflateRawSync, deflateSync } from 'node:zlib';
import { DATABASE, MANIFEST, SUMS } from '../../../dist/audit/archive/layout.js';
import { changedDatabase } from './database.mjs';
import { network, sumsOf } from './base.mjs';
import { extraField, zip64Sizes, zipOf } from './zip.mjs';

const ESCAPE = '\u001b[31m\u001b]0;x\u0007';
const LONG = 'x'.repeat(100_000);
const DEEP = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
const HUGE = '9007199254740993';

/** Names that lead out of a folder, or that a system takes for something else. */
const namesOf = ({ machine }) => [
  ...[
    '../out.txt',
    '../../out.txt',
    '/etc/overread-x',
    'images/../../x',
    'images/./x',
    'images//x',
  ],
  ...['C:\\x', 'C:/x', 'images\\..\\x', 'images/C:x', '\\\\server\\share\\x', '//server/share/x'],
  ...['images/..', 'images/', 'labels/../x', 'runs/../../x', 'runs/a/../b', 'project.db-wal'],
  ...['lock.db', 'labels/log.jsonl', 'cache/x', 'project.db/x', 'images/NUL', 'images/con.png'],
  ...['runs/a/CON', 'runs/a/nul.txt', 'runs/COM1/x', 'images/a.', 'images/a ', 'images/a:b'],
  ...[`images/${ESCAPE}`, 'images/a\u0000b', 'images/a\nb', 'images/\u202egnp.exe'],
  ...[`images/${'a/'.repeat(1500)}b`, `images/${'ä'.repeat(250)}`, `images/${'y'.repeat(60_000)}`],
  join(machine.private, 'secret.png'),
];

/** Places of image files that a row may name. */
const placesOf = ({ machine }) => [
  ...[join(machine.private, 'secret.png'), '../private/secret.png', '../../private/secret.png'],
  ...['/dev/zero', '/dev/stdin', '/proc/self/environ', '/etc/passwd', '.', '', '..', '/'],
  ...['C:\\Windows\\win.ini', '\\\\server\\share\\x.png', '//server/share/x.png'],
  ...['file:///etc/passwd', 'http://localhost:1/x.png', 'a\u0000b.png', ESCAPE, LONG],
];

const sql =
  (text, ...values) =>
  (db) =>
    db.prepare(text).run(...values);
const meta = (key, value) => sql('UPDATE meta SET value = ? WHERE key = ?', value, key);
const script = (text) => (db) => db.exec(text);

/** Statements that change rows. */
const ROWS = {
  image: (about) => (db) =>
    sql('UPDATE cases SET image_file = ? WHERE id = 1', about.pick(placesOf(about)))(db),
  imageOfPerson:
    ({ machine, hashOfSecret }) =>
    (db) => {
      meta('root', machine.private)(db);
      sql("UPDATE cases SET image_file = 'secret.png', image_hash = ?", hashOfSecret)(db);
    },
  root: (about) =>
    meta('root', about.pick(['/', '..', '/proc', '', '\\\\server\\share', '\u0000', ESCAPE, LONG])),
  origin: (about) =>
    meta(
      'origin',
      about.pick([
        ...['', 'null', '7', '[]', '{}', '{', '"x"', DEEP, '{"format":"coco"}'],
        ...['{"format":"no","options":{},"layout":null}', '{"format":7,"options":7,"layout":7}'],
        ...['coco', 'yolo', 'dicom-seg', 'folders', 'label-studio'].map((format) =>
          JSON.stringify({ format, options: { x: 1 }, layout: { file: '/etc/passwd' } }),
        ),
        '{"format":"__proto__","root":"/","options":{"__proto__":{"a":1}},"layout":{"length":1e9}}',
      ]),
    ),
  name: (about) =>
    meta('name', about.pick([ESCAPE, LONG, '', '=1+1', '<img src=x onerror=1>', '../..'])),
  created: () => meta('created', 'never'),
  chosen: (about) =>
    script(
      `INSERT OR REPLACE INTO meta VALUES ('chosen_run', '${about.pick(['{', '7', '{"run":7}', '{"run":"../x","at":"x"}', DEEP])}')`,
    ),
  audited: (about) =>
    script(
      `INSERT OR REPLACE INTO meta VALUES ('audited_case', '${about.pick(['x', '-1', '0', '1e99', HUGE])}')`,
    ),
  structureName: (about) =>
    sql(
      'UPDATE structures SET name = ? WHERE id = 1',
      about.pick([
        '../../x',
        '/etc/x',
        '',
        'Heart',
        ESCAPE,
        LONG,
        'a\u0000b',
        '..',
        'CON',
        '__proto__',
      ]),
    ),
  structureColour: (about) =>
    sql(
      'UPDATE structures SET colour = ?',
      about.pick(['', 'red;}</style>', LONG, ESCAPE, '#zzzzzz']),
    ),
  structureIds: () => script('UPDATE structures SET id = id + 5'),
  structures: () =>
    script(
      `WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
       INSERT INTO structures SELECT i, 's' || i, '#000000' FROM n`,
    ),
  noStructure: () => script('DELETE FROM structures'),
  caseName: (about) =>
    sql(
      'UPDATE cases SET name = ? WHERE id = 2',
      about.pick([
        '../../x',
        '/etc/x',
        '',
        '.',
        ESCAPE,
        LONG,
        'a\u0000b',
        'CON',
        '=1+1',
        '__proto__',
        'a\nb',
      ]),
    ),
  caseIds: (about) =>
    script(`UPDATE cases SET id = ${about.pick(['10', '0', '-3', HUGE])} WHERE id = 4`),
  caseSize: (about) =>
    script(
      `UPDATE cases SET width = ${about.pick(['1', '65535', '2147483648', HUGE])}, height = ${about.pick(['1', '65535', HUGE])}`,
    ),
  caseBits: () => script('UPDATE cases SET bits = 1'),
  caseSpacing: (about) =>
    script(
      `UPDATE cases SET spacing_x = ${about.pick(['0', '-1', '1e308', '9e999', '-9e999'])}, spacing_y = 1`,
    ),
  caseWords: (about) => {
    const word = about.pick([ESCAPE, LONG, '=cmd|1', '</script>', '']);
    return sql(
      'UPDATE cases SET patient = ?, study = ?, split = ?, annotator = ?',
      word,
      word,
      word,
      word,
    );
  },
  caseHash: (about) =>
    sql(
      'UPDATE cases SET image_hash = ?',
      about.pick(['', '../../x', 'g'.repeat(64), 'A'.repeat(64), LONG]),
    ),
  noCase: () =>
    script(
      'DELETE FROM strokes; DELETE FROM comments; DELETE FROM scores; DELETE FROM labels; DELETE FROM revisions; DELETE FROM cases',
    ),
  manyCases: () =>
    script(
      `WITH RECURSIVE n (i) AS (SELECT 5 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
       INSERT INTO cases SELECT i, 'c' || i, 'images/case-0.png', image_hash, width, height, bits, NULL, NULL, NULL, NULL, NULL, NULL
       FROM n, cases WHERE cases.id = 1`,
    ),
  mask: (about) =>
    sql(
      'UPDATE revisions SET mask = ? WHERE case_id = 1 AND structure_id = 1',
      about.pick([
        ...['', '..', '../../../private/secret', 'ab/../../../../private/secret', 'ab\u0000', LONG],
        ...['0'.repeat(64), 'A'.repeat(64), `${'a'.repeat(63)}\n`, ESCAPE],
      ]),
    ),
  area: (about) =>
    script(`UPDATE revisions SET area = ${about.pick(['0', '5', '2147483648', HUGE])}`),
  revisionNumber: (about) =>
    script(
      `UPDATE revisions SET number = ${about.pick(['7', HUGE])} WHERE case_id = 1;
       UPDATE labels SET revision = ${about.pick(['7', '1', HUGE])} WHERE case_id = 1`,
    ),
  revisionWords: (about) => {
    const word = about.pick([ESCAPE, LONG, 'not a time', '']);
    return sql('UPDATE revisions SET author = ?, at = ?, reason = ?', word, word, word);
  },
  source: (about) => sql('UPDATE revisions SET source_file = ?', about.pick(placesOf(about))),
  noRevision: () => script('DELETE FROM revisions WHERE case_id = 1'),
  labelState: () => script("UPDATE labels SET state = 'absent' WHERE case_id = 1"),
  comment: (about) => {
    const text = about.pick([ESCAPE, 'x'.repeat(5_000_000), '<script>', 'a\u0000b']);
    return sql("INSERT INTO comments VALUES (NULL, 3, 1, 'never', 'Eve', ?)", text);
  },
  stroke: (about) =>
    script(
      `UPDATE strokes SET x = ${about.pick(['-1', '0', HUGE])}, width = ${about.pick(['0', '2147483648', HUGE])}, height = ${about.pick(['1', '2147483648'])}, after = zeroblob(${about.pick(['0', '3', '1000000'])})`,
    ),
  strokeBase: () => script(`UPDATE strokes SET base_revision = ${HUGE}, at = 'never'`),
  run: (about) =>
    sql(
      'UPDATE runs SET id = ?',
      about.pick(['../../private', '/etc', '', '..', '.', 'CON', ESCAPE, LONG, 'a\u0000b']),
    ),
  runConfig: (about) =>
    sql(
      'UPDATE runs SET config = ?, summary = ?',
      about.pick(['{', '7', '[]', DEEP, '"x"', '{"epochs":1e999}']),
      about.pick(['{', '[]', '7', DEEP, '{"epochs":"x"}']),
    ),
  runState: () =>
    script(
      "UPDATE runs SET status = 'running', ended_at = 'never', started_at = 'never', session = '../x'",
    ),
  runs: () =>
    script(
      `WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
       INSERT INTO runs SELECT i, 'r' || i, 's', 'x', 'x', 'done', '{}', '{}', NULL FROM n`,
    ),
  scores: (about) =>
    script(
      `UPDATE scores SET case_score = ${about.pick(['9e999', '-9e999', '1e308'])}, learned = ${about.pick(['9e999', '0'])}, dice = ${about.pick(['-5', '7', 'NULL', '9e999'])}, area = 9e999, boundary_off = -9e999`,
    ),
  scoreWords: (about) =>
    sql('UPDATE scores SET mask = ?, kind = ?, at = ?', ESCAPE, about.pick(['no', LONG]), 'never'),
  scorePlace: () =>
    script('UPDATE scores SET place_x = 9e999, place_y = NULL, place_left = -1e308'),
  scoreModel: (about) =>
    sql(
      'UPDATE scores SET model = ?',
      about.pick(['../../private', '', ESCAPE, '__proto__', 'a\u0000b']),
    ),
  calibration: (about) =>
    sql(
      'UPDATE calibrations SET content = ?',
      about.pick([
        '{',
        'null',
        '[]',
        DEEP,
        '{"version":2,"structures":7}',
        '{"version":2,"structures":{"lung":{"drawn":7}}}',
      ]),
    ),
  notice: (about) =>
    sql(
      'UPDATE import_notices SET file = ?, reason = ?',
      about.pick(placesOf(about)),
      about.pick([ESCAPE, LONG, '=1+1']),
    ),
  logDetail: (about) =>
    sql(
      'UPDATE audit SET detail = ? WHERE sequence = (SELECT max(sequence) FROM audit)',
      about.pick([
        '{',
        '7',
        'null',
        DEEP,
        '{"labels":7,"case":{}}',
        '{"labels":[null],"verdict":"x"}',
      ]),
    ),
  logImport: (about) =>
    sql(
      "UPDATE audit SET detail = ? WHERE action = 'import'",
      about.pick(['null', '[]', '{"first":"x"}', `{"first":1,"last":${HUGE}}`]),
    ),
  logAction: (about) =>
    sql(
      'UPDATE audit SET action = ?, author = ?, at = ? WHERE sequence > 1',
      about.pick(['', ESCAPE, 'verdict', 'revision']),
      ESCAPE,
      LONG,
    ),
  logEmpty: () => script('DELETE FROM audit'),
  logNumbers: () =>
    script(
      `UPDATE audit SET sequence = ${HUGE} WHERE sequence = (SELECT max(sequence) FROM audit)`,
    ),
  sequence: (about) =>
    sql(
      "UPDATE sqlite_sequence SET seq = ? WHERE name = 'strokes'",
      about.pick([9007199254740993n, 'x', -1, 0.5]),
    ),
  sums: (about) => (db) => {
    db.exec('DELETE FROM sums');
    sql(
      'INSERT INTO sums VALUES (?, ?)',
      about.pick(['cases', 'no', '']),
      about.pick(['', 'zz', LONG]),
    )(db);
  },
};

/** Statements that change what the database is. */
const SCHEMAS = {
  trigger: (about) =>
    script(
      `CREATE TRIGGER helpful AFTER ${about.pick(['INSERT', 'UPDATE', 'DELETE'])} ON labels BEGIN UPDATE labels SET verdict = 'accepted'; END`,
    ),
  view: () => script('CREATE VIEW helpful AS SELECT * FROM cases'),
  viewForTable: () =>
    script('ALTER TABLE comments RENAME TO c; CREATE VIEW comments AS SELECT * FROM c'),
  virtual: (about) =>
    script(
      about.pick([
        'CREATE VIRTUAL TABLE helpful USING fts5 (a)',
        'CREATE VIRTUAL TABLE helpful USING rtree (a, b, c)',
      ]),
    ),
  generated: () => script('ALTER TABLE comments ADD COLUMN more TEXT AS (upper(text)) VIRTUAL'),
  expression: () => script('CREATE INDEX helpful ON cases (abs(id) + length(hex(zeroblob(9))))'),
  partial: () => script("CREATE INDEX helpful ON cases (id) WHERE name LIKE '%'"),
  column: () => script("ALTER TABLE cases ADD COLUMN more TEXT DEFAULT 'x'"),
  missing: () => script('DROP TABLE calibrations'),
  table: () => script('CREATE TABLE helpful (a)'),
  statistics: () => script('ANALYZE'),
  rubbish: (about) => (db) => {
    db.exec('PRAGMA writable_schema = ON');
    sql(
      "UPDATE sqlite_schema SET sql = ? WHERE name = 'comments'",
      about.pick([
        'rubbish',
        'CREATE TABLE comments (a, a)',
        'CREATE VIEW comments AS SELECT load_extension(1)',
        null,
      ]),
    )(db);
  },
  rootPage: (about) => (db) => {
    db.exec('PRAGMA writable_schema = ON');
    sql(
      "UPDATE sqlite_schema SET rootpage = ? WHERE name = 'comments'",
      about.pick([1, 2, 99_999, -1, 2 ** 31]),
    )(db);
  },
  version: (about) =>
    script(`PRAGMA user_version = ${about.pick(['0', '1', '3', '99', '-1', '2147483647'])}`),
  application: () => script('PRAGMA application_id = 7'),
  pages: (about) => script(`PRAGMA page_size = ${about.pick(['512', '65536'])}; VACUUM`),
  wal: () => script('PRAGMA journal_mode = WAL'),
};

/** Changes the bytes of a file. */
const BYTES = {
  bits: (bytes, { below }) => {
    const out = Buffer.from(bytes);
    for (let n = 1 + below(8); n > 0; n -= 1) out[below(out.length)] ^= 1 << below(8);
    return out;
  },
  page: (bytes, { below }) => {
    const out = Buffer.from(bytes);
    const at = below(out.length);
    out.fill(below(256), at, at + 4096);
    return out;
  },
  cut: (bytes, { below }) => bytes.subarray(0, below(bytes.length)),
  longer: (bytes, { below }) => Buffer.concat([bytes, Buffer.alloc(below(100_000), 65)]),
  empty: () => Buffer.alloc(0),
  other: () => Buffer.from('SQLite format 3\0'.padEnd(4096, '\0')),
};

const nameOfMask = (files, about) =>
  about.pick([...files.keys()].filter((name) => name.startsWith('labels/')));
const nameOfImage = (files) => [...files.keys()].find((name) => name.startsWith('images/'));

/** A mask's file that unpacks to this many bytes. */
const maskBomb = (width, height) =>
  Buffer.concat([
    Buffer.from(`overread-mask 1 ${width} ${height}\n`),
    deflateSync(Buffer.alloc((width * height) / 8), { level: 9 }),
  ]);

const linked =
  (more = {}) =>
  (model) => ({
    ...model,
    graph: { ...model.graph, ...more },
  });
/** A tensor whose values lie in a file (`external_data`), as protobuf's bytes within a model. */
function external(model, location) {
  const text = (field, value) =>
    Buffer.concat([Buffer.from([(field << 3) | 2, value.length]), Buffer.from(value)]);
  const pair = (key, value) => {
    const inner = Buffer.concat([text(1, key), text(2, value)]);
    return Buffer.concat([Buffer.from([(13 << 3) | 2, inner.length]), inner]);
  };
  // `w` of the segmenter: three float32 values.
  const tensor = Buffer.concat([
    Buffer.from([
      (1 << 3) | 0,
      3,
      (1 << 3) | 0,
      1,
      (1 << 3) | 0,
      1,
      (1 << 3) | 0,
      1,
      (2 << 3) | 0,
      1,
    ]),
    ...[text(8, 'w'), pair('location', location), pair('offset', '0'), pair('length', '12')],
    Buffer.from([(14 << 3) | 0, 1]),
  ]);
  const initializer = Buffer.concat([Buffer.from([(5 << 3) | 2, tensor.length]), tensor]);
  const graph = Buffer.concat([Buffer.from([(7 << 3) | 2, initializer.length]), initializer]);
  // Protobuf joins the parts of a message that is given twice.
  return Buffer.concat([model, graph]);
}

/** Networks that are none, or more than a network. */
export const NETWORKS = {
  rubbish: ({ below }) => Buffer.alloc(1 + below(10_000), below(256)),
  empty: () => Buffer.alloc(0),
  cut: ({ below }) => network('segmenter').subarray(0, below(300)),
  external: (about) =>
    external(
      network('segmenter', linked({ initializer: [] })),
      about.pick([
        ...['secret.bin', '../private/secret.bin', './secret.bin'],
        join(about.machine.private, 'secret.bin'),
      ]),
    ),
  large: (about) =>
    network('segmenter', undefined, {
      width: about.pick(['1000000000', '60000', '1e9', '-5', '0.5']),
      height: about.pick(['60000', '16']),
    }),
  unknown: () =>
    network('segmenter', (model) => {
      const [conv, sigmoid] = model.graph.node;
      return linked({ node: [conv, { ...sigmoid, op_type: 'Evil' }] })(model);
    }),
  domain: () =>
    network('segmenter', (model) => ({
      ...model,
      opset_import: [...model.opset_import, { domain: 'com.microsoft', version: 1 }],
    })),
  /** Tile makes 60 GB out of three values. */
  greedy: () =>
    network('segmenter', (model) => {
      const [conv, sigmoid] = model.graph.node;
      const repeats = new BigInt64Array([1n, 1n, 100_000n, 10_000n]);
      return linked({
        node: [
          conv,
          {
            ...sigmoid,
            op_type: 'Tile',
            name: 'wide',
            input: ['logits', 'repeats'],
            output: ['wide'],
          },
          { ...sigmoid, input: ['wide'] },
        ],
        initializer: [
          ...model.graph.initializer,
          { name: 'repeats', dims: [4], data_type: 7, raw_data: Buffer.from(repeats.buffer) },
        ],
      })(model);
    }),
  structures: (about) =>
    network('segmenter', undefined, {
      structures: about.pick(['[]', '{', '["../x"]', JSON.stringify(new Array(9).fill('lung'))]),
    }),
};

/** A change of the files; the list of sums is made anew. */
const content = (work) => (files, about) => {
  work(files, about);
  files.set(SUMS, sumsOf(files));
  return zipOf([...files].map(([name, bytes]) => ({ name, bytes })));
};
/** A change of the zip's entries. @param work gets the entries, and returns what the zip's end says */
const around = (work) => (files, about) => {
  const list = [...files].map(([name, bytes]) => ({ name, bytes }));
  return zipOf(list, work(list, about) ?? {});
};
const anyOf = (list, about) => list[about.below(list.length)];
const lie = (lies) => (list, about) => {
  const entry = anyOf(list, about);
  const said = lies(entry, about);
  entry.lies = said;
  if (about.below(2) === 0) entry.localLies = said;
};
const pad = (length) => {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i += 1) bytes[i] = (Math.imul(i, i + 7) * 2654435761) >>> 24;
  return bytes;
};

const ZIPS = {
  name: around((list, about) => {
    const entry = anyOf(
      list.filter(({ name }) => ![MANIFEST, SUMS].includes(name)),
      about,
    );
    entry.name = about.pick(namesOf(about));
  }),
  signedName: content((files, about) => files.set(about.pick(namesOf(about)), Buffer.from('x'))),
  twoNames: around(lie((_, about) => ({ name: about.pick(namesOf(about)) }))),
  nameInExtra: around(
    lie((_, about) => ({
      extra: extraField(
        0x7075,
        Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), Buffer.from(about.pick(['../x', '/etc/x']))]),
      ),
    })),
  ),
  twice: around(
    (list, about) => void list.push({ ...anyOf(list, about), bytes: Buffer.from('x') }),
  ),
  bothCases: content((files) => {
    const bytes = Buffer.from('x');
    for (const name of ['images/a.png', 'images/A.png', 'runs/a/B', 'runs/A/b'])
      files.set(name, bytes);
  }),
  fileAndFolder: content((files, about) => {
    const names = ['images/a', 'images/a/b'];
    for (const name of about.below(2) === 0 ? names : names.reverse())
      files.set(name, Buffer.from('x'));
  }),
  link: around((list, { machine }) => {
    const entry = list.find(({ name }) => name.startsWith('labels/'));
    entry.bytes = Buffer.from(join(machine.private, 'secret.png'));
    entry.compress = false;
    entry.lies = { attributes: 0o120777 * 65_536 };
    const sums = list.find(({ name }) => name === SUMS);
    sums.bytes = sumsOf(list.map(({ name, bytes }) => [name, bytes]));
  }),
  smaller: around(lie(({ bytes }, { below }) => ({ size: below(bytes.length) }))),
  larger: around(
    lie(({ bytes }, about) => ({ size: about.pick([bytes.length + 1, 0x7fffffff, 0xfffffffe]) })),
  ),
  packedSize: around(lie((_, about) => ({ packed: about.pick([0, 1, 0x7fffffff, 0xfffffffe]) }))),
  crc: around(lie(() => ({ crc: 7 }))),
  zip64: around(
    lie((_, about) => ({
      ...{ size: 0xffffffff, packed: 0xffffffff },
      extra: zip64Sizes(
        about.pick([0n, 1n, 2n ** 53n, 2n ** 64n - 1n]),
        about.pick([1n, 2n ** 63n]),
      ),
    })),
  ),
  zip64Short: around(
    lie(() => ({ size: 0xffffffff, extra: Buffer.from([1, 0, 4, 0, 1, 2, 3, 4]) })),
  ),
  extraCut: around(lie(() => ({ extra: Buffer.from([1, 0, 255, 255]) }))),
  encrypted: around(lie((_, about) => ({ flags: about.pick([1, 0x41, 0x2001]) }))),
  method: around(lie((_, about) => ({ method: about.pick([1, 12, 14, 93, 99]) }))),
  offset: around(lie((_, about) => ({ at: about.pick([1, 0x7fffffff, 0xfffffffe]) }))),
  overlap: around((list) => {
    for (const entry of list) entry.lies = { ...entry.lies, at: 0 };
  }),
  comment: around((list, about) => {
    anyOf(list, about).lies = { comment: ESCAPE };
    return { comment: about.pick([ESCAPE, Buffer.from('504b0506'.repeat(20), 'hex')]) };
  }),
  commentLength: around(() => ({ comment: 'x', commentLength: 900 })),
  count: around((list, about) => ({
    count: about.pick([0, list.length - 1, list.length + 1, 0xffff]),
  })),
  directory: around((_, about) => ({
    start: about.pick([0, 0x7fffffff]),
    length: about.pick([0, 0x7fffffff]),
  })),
  prefix: (files) =>
    Buffer.concat([
      Buffer.from('#!/bin/sh\n'),
      zipOf([...files].map(([name, bytes]) => ({ name, bytes }))),
    ]),
  damaged: (files, about) =>
    about.pick(Object.values(BYTES))(
      zipOf([...files].map(([name, bytes]) => ({ name, bytes }))),
      about,
    ),
  bomb: (files, about) => {
    files.set('runs/a/x', Buffer.alloc(300_000_000));
    files.set(SUMS, sumsOf(files));
    const list = [...files].map(([name, bytes]) => ({ name, bytes }));
    const entry = list.find(({ name }) => name === 'runs/a/x');
    if (about.below(2) === 0) entry.lies = { size: 10 };
    return zipOf(list);
  },
  sumsBomb: (files) => {
    files.set('runs/a/x', pad(4_000_000));
    const line = deflateRawSync(Buffer.alloc(400_000_000, 97), { level: 1 });
    const list = [...files].map(([name, bytes]) => ({ name, bytes }));
    const sums = list.find(({ name }) => name === SUMS);
    const said = { content: line, packed: line.length, size: 400_000_000 };
    Object.assign(sums, { lies: said, localLies: said });
    return zipOf(list);
  },
  many: content((files) => {
    const bytes = Buffer.from('x');
    for (let n = 0; n < 20_000; n += 1) files.set(`images/${n}`, bytes);
  }),
};

const CONTENTS = {
  manifest: content((files, about) => {
    const manifest = JSON.parse(files.get(MANIFEST).toString());
    const change = about.pick([
      ...[{ version: 0 }, { version: 2 }, { version: 1e99 }, { format: 'x' }, { name: ESCAPE }],
      ...[{ name: LONG }, { cases: -1 }, { cases: 1e300 }, { labels: 'x' }, { images: 'yes' }],
      ...[{ images: !manifest.images }, { packedAt: LONG }, { overread: ESCAPE }],
    ]);
    files.set(MANIFEST, Buffer.from(JSON.stringify({ ...manifest, ...change })));
  }),
  manifestText: content((files, about) =>
    files.set(
      MANIFEST,
      Buffer.from(about.pick(['', '{', 'null', DEEP, ' '.repeat(2_000_000), '\u0000'])),
    ),
  ),
  sums: (files, about) => {
    const sums = files.get(SUMS).toString();
    const lines = about.pick([
      sums.slice(1),
      sums.replace('  ', ' *'),
      `${sums}\n\n`,
      `${sums}${sums}`,
      '',
      LONG,
    ]);
    files.set(SUMS, Buffer.from(lines));
    return zipOf([...files].map(([name, bytes]) => ({ name, bytes })));
  },
  missing: content((files, about) => files.delete(about.pick([...files.keys()]))),
  maskBytes: content((files, about) => {
    const name = nameOfMask(files, about);
    files.set(name, about.pick(Object.values(BYTES))(files.get(name), about));
  }),
  maskBomb: content((files, about) => {
    const bomb = maskBomb(
      ...about.pick([
        [65_528, 65_535],
        [32_000, 32_000],
      ]),
    );
    for (const name of [...files.keys()].filter((key) => key.startsWith('labels/')))
      files.set(name, bomb);
  }),
  strangeMask: content((files, { machine }) =>
    files.set(`labels/aa/${'a'.repeat(64)}.mask`, Buffer.from(machine.private)),
  ),
  image: content((files, about) => {
    const name = nameOfImage(files) ?? 'images/x.png';
    files.set(name, about.pick(Object.values(BYTES))(files.get(name) ?? Buffer.from('x'), about));
  }),
  runFile: content((files, about) => {
    const name = about.pick([
      'metrics.jsonl',
      'run.json',
      'folds.json',
      'scores.jsonl',
      'samples.ovrset',
      'weights.safetensors',
    ]);
    const bytes = about.pick([
      Buffer.alloc(0),
      pad(5000),
      Buffer.from(DEEP),
      Buffer.from('{"epoch":1e999}\n'.repeat(9)),
      Buffer.from(LONG),
      Buffer.from('[["a"],7,null]'),
    ]);
    files.set(`runs/${about.run}/${name}`, bytes);
  }),
  databaseBytes: content((files, about) =>
    files.set(DATABASE, about.pick(Object.values(BYTES))(files.get(DATABASE), about)),
  ),
};

const named = (prefix, kinds, make) =>
  Object.entries(kinds).map(([name, kind]) => ({ name: `${prefix} ${name}`, make: make(kind) }));
const inDatabase = (options) => (kind) =>
  content((files, about) =>
    files.set(
      DATABASE,
      changedDatabase(
        files.get(DATABASE),
        join(about.machine.folder, 'made.db'),
        kind(about),
        options,
      ),
    ),
  );

/** Every kind: its name, and the function that makes the bytes of a pack of files and what is known about them. */
export const KINDS = [
  ...named('rows', ROWS, inDatabase({ sign: true })),
  ...named('schema', SCHEMAS, inDatabase({ sign: false })),
  ...named('zip', ZIPS, (make) => make),
  ...named('files', CONTENTS, (make) => make),
  ...named('network', NETWORKS, (kind) =>
    content((files, about) =>
      files.set(`runs/${about.run}/${about.below(3) > 0 ? 'segmenter' : 'qam'}.onnx`, kind(about)),
    ),
  ),
  { name: 'unsigned rows', make: inDatabase({ sign: false })(ROWS.area) },
  { name: 'unsigned log', make: inDatabase({ sign: false })(ROWS.logAction) },
  { name: 'nothing', make: content(() => undefined) },
];
