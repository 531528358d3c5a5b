import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { RankEntry } from '../../../audit/contract/terms.ts';
import { rankingCsv } from '../../../audit/report/csv.ts';
import { csvField, html } from '../../../audit/report/escape.ts';

const entry: RankEntry = {
  rank: 1,
  case: 'JPCLN013',
  structure: 'lung',
  score: 0.71,
  number: 'expected',
  percentile: 0,
  verdict: 'fixed',
  previousRank: 14,
  reasons: [
    {
      structure: 'lung',
      expected: { dice: 0.71, low: 0.66, high: 0.76 },
      dice: 0.7812345,
      areaRatio: 0.62,
      areaZ: -5.1,
      boundary: -9.4,
      boundaryOff: 0.81,
      learned: -1.41,
      softmin: null,
      kind: 'too-small',
      place: null,
    },
  ],
};

/** Parses CSV strictly by RFC 4180. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    rows[rows.length - 1].push(match[1]?.replaceAll('""', '"') ?? match[2]);
    if (match[3] === '\r\n') rows.push([]);
    if (match[3] === '') break;
  }
  return rows;
}

describe('the ranking as CSV', () => {
  it('has one line a label under a header', () => {
    const lines = rankingCsv([entry], 'expected').split('\r\n');
    expect(lines[0]).toBe(
      'rank,case,structure,expected_dice,percentile,verdict,previous_rank,expected_low,' +
        'expected_high,dice,boundary_px,boundary_off,area_ratio,learned,softmin,kind',
    );
    expect(lines[1]).toBe(
      '1,JPCLN013,lung,0.71,0,fixed,14,0.66,0.76,0.781235,-9.4,0.81,0.62,-1.41,,too-small',
    );
    expect(lines[2]).toBe('');
  });

  it('leaves the columns of unknown values empty', () => {
    const unknown = { verdict: null, previousRank: null, reasons: [] };
    const text = rankingCsv([{ ...entry, ...unknown }], 'agreement');
    expect(text).toMatch(/^rank,case,structure,agreement,/);
    expect(text.split('\r\n')[1]).toBe('1,JPCLN013,lung,0.71,0,,,,,,,,,,,');
  });

  it('is read by a CSV reader with every name as it was', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 12 }), (name) => {
        const [, row] = parse(rankingCsv([{ ...entry, case: name }], 'expected'));
        expect(row[1].replace(/^'(?=[=+\-@\t\r])/, '')).toBe(name.replace(/^'(?=[=+\-@\t\r])/, ''));
      }),
    );
  });
});

describe('the escaping of names', () => {
  it('quotes CSV fields that need it', () => {
    expect(['plain', 'a,b', 'say "hi"', 3, null].map(csvField)).toEqual([
      'plain',
      '"a,b"',
      '"say ""hi"""',
      '3',
      '',
    ]);
  });

  it('keeps a spreadsheet from running a name as a formula', () => {
    expect(csvField('=HYPERLINK("http://x")')).toBe('"\'=HYPERLINK(""http://x"")"');
    for (const first of '=+-@\t\r') expect(csvField(`${first}1`)).toMatch(/^"?'/);
    expect(csvField('a-b')).toBe('a-b');
    expect(csvField(-9.4)).toBe('-9.4');
  });

  it('keeps a name from becoming markup', () => {
    expect(html(`<img src=x onerror="a('&')">`)).toBe(
      '&lt;img src=x onerror=&quot;a(&#39;&amp;&#39;)&quot;&gt;',
    );
    expect(html('a\u0000b')).toBe('a\ufffdb');
    expect(html('胸部 ß')).toBe('胸部 ß');
  });
});
