import fc from 'fast-check';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  entrySpans,
  gapSpan,
  listSplices,
  memberSpans,
  separatorOf,
  spliceFile,
} from '../../../../audit/datasets/json/edit.ts';
import { spliceText } from '../../../../audit/datasets/tree/splice.ts';
import { jsonSpans, parseEntry } from '../../../../audit/datasets/json/spans.ts';
import { UserError } from '../../../../audit/errors.ts';
import { put, temporaryFolder } from '../fixtures.ts';

async function spansOf(path: string) {
  const spans = [];
  for await (const span of jsonSpans(path)) spans.push({ ...span, bytes: span.bytes.toString() });
  return spans;
}

/** Any JSON value; the round trip through text turns −0 into 0. */
const anyValue = fc.json().map((text) => JSON.parse(JSON.stringify(JSON.parse(text))) as unknown);
/** A value that is not a list: `jsonSpans` gives one span for it, and not one per entry. */
const anyOther = anyValue.filter((value) => !Array.isArray(value));
const indent = fc.constantFrom(undefined, 1, '\t');

describe('the entries of a JSON file', () => {
  it('are found for any formatting', async () => {
    const folder = await temporaryFolder();
    let file = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyValue, { maxLength: 5 }),
        anyOther,
        indent,
        async (list, other, space) => {
          const text = JSON.stringify({ 'é "[': list, other, more: [] }, null, space);
          const path = await put(join(folder, `${(file += 1)}.json`), text);
          const spans = await spansOf(path);
          const bytes = Buffer.from(text);
          for (const { index, start, end, bytes: own } of spans) {
            if (index !== -1) expect(bytes.subarray(start, end).toString()).toBe(own);
            else expect([bytes[start - 1], bytes[end]]).toEqual([0x5b, 0x5d]);
          }
          const entries = spans.filter(({ key, index }) => key === 'é "[' && index !== -1);
          expect(entries.map((entry) => JSON.parse(entry.bytes) as unknown)).toEqual(list);
          const single = spans.find(({ key }) => key === 'other');
          expect(JSON.parse(single!.bytes)).toEqual(other);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are found if they span several pieces of a large file', async () => {
    const list = Array.from({ length: 9 }, (_, i) => ({ i, text: 'é"\\['.repeat(90_000 + i) }));
    const path = await put(join(await temporaryFolder(), 'large.json'), JSON.stringify(list));
    const spans = await spansOf(path);
    expect(spans.slice(0, -1).map((span) => JSON.parse(span.bytes) as unknown)).toEqual(list);
  });

  it.each([
    ['', 'ends in the middle'],
    ['{"a": [1, 2', 'ends in the middle'],
    ['{"a": [1 2]}', 'lacks a comma'],
    ['{"a" 1}', 'lacks a colon'],
    ['{"a": }', 'lacks a value'],
    ['{a: 1}', 'lacks a key'],
    ['[1] 2', 'goes on after its end'],
    ['hello', 'begins with neither'],
    ['{"a": [1,]}', 'lacks a value'],
  ])('are refused in one sentence if the text is not valid JSON: %s', async (text, problem) => {
    const path = await put(join(await temporaryFolder(), 'a.json'), text);
    await expect(spansOf(path)).rejects.toThrow(problem);
    await expect(spansOf(path)).rejects.toBeInstanceOf(UserError);
  });

  it('are named in the error if they are broken', async () => {
    const path = await put(join(await temporaryFolder(), 'a.json'), '{"a": [{}, {"b": nope}]}');
    const parse = async () => {
      for await (const span of jsonSpans(path)) if (span.index! >= 0) parseEntry(path, span);
    };
    await expect(parse()).rejects.toThrow('entry 2 of “a” is broken');
  });
});

describe('a change of JSON text', () => {
  it('removes, changes and adds entries, with the same result as a change of the parsed list', () => {
    const edit = fc.record({
      list: fc.array(anyValue, { maxLength: 6 }),
      fate: fc.array(fc.constantFrom('keep', 'change', 'remove'), { minLength: 6, maxLength: 6 }),
      added: fc.array(fc.integer(), { maxLength: 3 }),
      space: indent,
    });
    fc.assert(
      fc.property(edit, ({ list, fate, added, space }) => {
        const text = JSON.stringify({ list }, null, space);
        const places = entrySpans(text, memberSpans(text).get('list')!.start);
        const changed = new Map<number, string | null>();
        list.forEach((_, i) => {
          if (fate[i] === 'change') changed.set(i, '"new"');
          if (fate[i] === 'remove') changed.set(i, null);
        });
        const { start, end } = gapSpan(places);
        const gap = separatorOf(places, text.slice(start, end));
        const splices = listSplices(places, { changed, added: added.map(String), gap });
        const wanted = list.flatMap((value, i) =>
          fate[i] === 'remove' ? [] : [fate[i] === 'change' ? 'new' : value],
        );
        const after = spliceText(text, splices);
        expect(JSON.parse(after)).toEqual({ list: [...wanted, ...added] });
        if (changed.size + added.length === 0) expect(after).toBe(text);
        if (list.length > 1 && wanted.length + added.length > 0) {
          // A text with line breaks keeps them, and a text without them gets none.
          expect(after.includes('\n')).toBe(text.includes('\n'));
        }
      }),
    );
  });

  it('of a file leaves all other bytes as they were', async () => {
    const path = await put(join(await temporaryFolder(), 'a.txt'), 'zero one two é three');
    const pieces: Buffer[] = [];
    const splices = [
      { start: 5, end: 8, text: 'ONE' },
      { start: 12, end: 12, text: ' and' },
    ];
    for await (const piece of spliceFile(path, splices)) pieces.push(Buffer.from(piece));
    expect(Buffer.concat(pieces).toString()).toBe('zero ONE two and é three');
  });
});
