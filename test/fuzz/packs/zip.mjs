// Writes zips that lie. A field that an entry does not name is what an honest zip would say.
import { Buffer } from 'node:buffer';
import { crc32, deflateRawSync } from 'node:zlib';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const UTF8 = 0x800;

/** Little-endian fields: pairs of a length in bytes and a value. */
function fields(...pairs) {
  return Buffer.concat(
    pairs.map(([length, value]) => {
      const bytes = Buffer.alloc(length);
      if (length === 2) bytes.writeUInt16LE(value & 0xffff);
      else if (length === 4) bytes.writeUInt32LE(value >>> 0);
      else bytes.writeBigUInt64LE(BigInt(value));
      return bytes;
    }),
  );
}

/** An extra field: its number and its content. */
export const extraField = (id, content) =>
  Buffer.concat([fields([2, id], [2, content.length]), content]);

/** The extra field that says an entry's sizes in 64 bits. */
export const zip64Sizes = (...values) =>
  extraField(1, fields(...values.map((value) => [8, value])));

/** An entry as an honest zip has it. */
function entryOf({ name, bytes, compress = true }) {
  const content = compress ? deflateRawSync(bytes, { level: 1 }) : bytes;
  const size = bytes.length;
  return {
    ...{ flags: UTF8, method: compress ? 8 : 0, crc: crc32(bytes), content },
    ...{ packed: content.length, size, extra: Buffer.alloc(0), comment: '', attributes: 0 },
    name,
  };
}

/**
 * @param files `name` (text or bytes), `bytes`, `compress`, and what the zip says otherwise: `lies` in the
 *   directory at its end, `localLies` in front of the content
 * @param end what the end of the zip says otherwise; `comment` may be bytes
 */
export function zipOf(files, end = {}) {
  const parts = [];
  const directory = [];
  let at = 0;
  const push = (...buffers) => {
    for (const buffer of buffers) {
      parts.push(buffer);
      at += buffer.length;
    }
  };
  for (const file of files) {
    const honest = entryOf(file);
    const local = { ...honest, ...file.localLies };
    const central = { ...honest, at, ...file.lies };
    const localName = Buffer.from(local.name);
    const head = (entry, name) => [
      ...[
        [2, 20],
        [2, entry.flags],
        [2, entry.method],
        [2, 0],
        [2, 0x21],
      ],
      ...[
        [4, entry.crc],
        [4, entry.packed],
        [4, entry.size],
      ],
      ...[
        [2, name.length],
        [2, entry.extra.length],
      ],
    ];
    push(fields([4, LOCAL], ...head(local, localName)), localName, local.extra, local.content);
    const name = Buffer.from(central.name);
    const comment = Buffer.from(central.comment);
    directory.push(
      fields(
        ...[[4, CENTRAL], [2, 0x031e], ...head(central, name), [2, comment.length]],
        ...[
          [2, 0],
          [2, 0],
          [4, central.attributes],
          [4, central.at],
        ],
      ),
      name,
      central.extra,
      comment,
    );
  }
  const start = at;
  push(...directory);
  const said = { count: files.length, length: at - start, start, comment: '', ...end };
  const comment = Buffer.from(said.comment);
  push(
    fields(
      ...[
        [4, END],
        [2, 0],
        [2, 0],
        [2, said.count],
        [2, said.count],
      ],
      ...[
        [4, said.length],
        [4, said.start],
        [2, said.commentLength ?? comment.length],
      ],
    ),
    comment,
  );
  return Buffer.concat(parts);
}
