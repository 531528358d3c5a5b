import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eventStreamParser } from '../../../audit/contract/events.ts';

const stream =
  'retry: 1000\nid: a-0\n\n: heartbeat\n\nid: a-1\ndata: {"x":1}\n\nid: a-2\r\ndata: one\r\ndata:two\r\n\r\n';
const messages = [
  { id: 'a-1', data: '{"x":1}' },
  { id: 'a-2', data: 'one\ntwo' },
];

it('the parser reads an event stream, however the stream is cut into pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 8 }), (cuts) => {
      const parser = eventStreamParser();
      const ends = [...cuts, stream.length].sort((a, b) => a - b);
      let at = 0;
      const read = ends.flatMap((end) => {
        const piece = stream.slice(at, end);
        at = end;
        return parser.push(piece);
      });
      expect(read).toEqual(messages);
    }),
  );
});

it('the parser knows the id to resume after even if no event has come', () => {
  const parser = eventStreamParser();
  parser.push('id: a-7\n\n');
  expect(parser.lastId()).toBe('a-7');
});
