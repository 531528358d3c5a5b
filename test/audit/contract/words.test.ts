import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ago,
  bytes,
  counted,
  decimal,
  duration,
  integer,
  moment,
  momentUtc,
  percent,
  plural,
  signed,
  timeLeft,
} from '../../../audit/contract/words.ts';

describe('a count', () => {
  it('is singular only for 1, and has commas between the thousands', () => {
    expect([0, 1, 2, 12_345].map((count) => counted(count, 'case'))).toEqual([
      '0 cases',
      '1 case',
      '2 cases',
      '12,345 cases',
    ]);
    expect(integer(1_234_567)).toBe('1,234,567');
  });

  it('has regular plurals, or the plural that is given', () => {
    const nouns = ['mask', 'match', 'epoch', 'box', 'entry', 'key', 'class'];
    expect(nouns.map((noun) => plural(2, noun))).toEqual([
      'masks',
      'matches',
      'epochs',
      'boxes',
      'entries',
      'keys',
      'classes',
    ]);
    expect(nouns.map((noun) => plural(1, noun))).toEqual(nouns);
    expect([plural(1, 'is', 'are'), plural(0, 'is', 'are')]).toEqual(['is', 'are']);
    expect(counted(2, 'axis', 'axes')).toBe('2 axes');
  });
});

describe('a share', () => {
  it('is 0 % only of nothing, and 100 % only of all', () => {
    const shares = [0, 1e-9, 0.004, 0.0051, 0.37, 0.994, 0.9951, 0.999, 1 - 1e-12, 1];
    expect(shares.map((share) => percent(share))).toEqual([
      '0 %',
      '< 1 %',
      '< 1 %',
      '1 %',
      '37 %',
      '99 %',
      '> 99 %',
      '> 99 %',
      '> 99 %',
      '100 %',
    ]);
  });

  it('is 0 % and 100 % by the same rule if it has digits after the point', () => {
    const shares = [0, 0.0004, 0.031, 0.99949, 0.9996, 1];
    expect(shares.map((share) => percent(share, { digits: 1 }))).toEqual([
      '0.0 %',
      '< 0.1 %',
      '3.1 %',
      '99.9 %',
      '> 99.9 %',
      '100.0 %',
    ]);
  });

  it('may be more than 100 %, and is a dash if it is unknown', () => {
    expect([percent(1.5), percent(12), percent(Number.NaN)]).toEqual(['150 %', '1,200 %', '–']);
  });
});

describe('a decimal number', () => {
  it('has a true minus sign, but a number that is rounded to zero has none', () => {
    expect([-1.414, -0.004, 0, 2.5].map((value) => decimal(value, 2))).toEqual([
      '−1.41',
      '0.00',
      '0.00',
      '2.50',
    ]);
    expect([-1.44, -0.04, 0.04, 4.1].map((value) => signed(value, 1))).toEqual([
      '−1.4',
      '0.0',
      '0.0',
      '+4.1',
    ]);
  });

  it('is a dash where it is unknown', () => {
    expect([null, undefined, Number.NaN, Infinity].map((value) => decimal(value, 1))).toEqual([
      '–',
      '–',
      '–',
      '–',
    ]);
    expect(signed(null, 1)).toBe('–');
  });
});

describe('a size in bytes', () => {
  it('has the unit that leaves few digits, also for sizes that are rounded up to the next unit', () => {
    const sizes = [0, 1, 999, 1000, 1234, 9940, 9960, 34_400_000, 999_499, 999_500, 2.5e9, 5e15];
    expect(sizes.map(bytes)).toEqual([
      '0 bytes',
      '1 byte',
      '999 bytes',
      '1.0 kB',
      '1.2 kB',
      '9.9 kB',
      '10 kB',
      '34 MB',
      '999 kB',
      '1.0 MB',
      '2.5 GB',
      '5,000 TB',
    ]);
  });
});

describe('a duration', () => {
  it('has seconds only below ten minutes, and leaves out a part that is 0', () => {
    const seconds = [-1, 0.4, 59, 59.6, 61, 75, 119.6, 599, 600, 725, 3569, 3599, 3600, 3700, 5400];
    expect(seconds.map(duration)).toEqual([
      '0 s',
      '0 s',
      '59 s',
      '1 min',
      '1 min 1 s',
      '1 min 15 s',
      '2 min',
      '9 min 59 s',
      '10 min',
      '12 min',
      '59 min',
      '1 h',
      '1 h',
      '1 h 2 min',
      '1 h 30 min',
    ]);
  });

  it('that is left is rounded, because it is an estimate', () => {
    expect([3, 42, 88, 200, 7000].map(timeLeft)).toEqual([
      'a few seconds left',
      'about 40 s left',
      'about 1 min 30 s left',
      'about 3 min left',
      'about 1 h 57 min left',
    ]);
  });
});

describe('a time in the past', () => {
  let zone: string | undefined;

  beforeEach(() => {
    zone = process.env['TZ'];
  });
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  /** The words for a time `hours` before `now`, for a reader in the time zone `where`. */
  const said = (where: string, now: string, hours: number): string => {
    process.env['TZ'] = where;
    const at = new Date(now);
    return ago(new Date(at.getTime() - hours * 3_600_000).toISOString(), at);
  };

  it('is given in minutes or hours if it was on the same day', () => {
    const hours = [-1, 0.016, 0.0167, 0.99, 1, 11.9];
    expect(hours.map((h) => said('UTC', '2026-11-23T12:00:00Z', h))).toEqual([
      'just now',
      'just now',
      '1 min ago',
      '59 min ago',
      '1 h ago',
      '11 h ago',
    ]);
  });

  it('is “yesterday” by the calendar, not by the number of hours', () => {
    expect(said('UTC', '2026-11-23T12:00:00Z', 30)).toBe('yesterday');
    expect(said('UTC', '2026-11-23T12:00:00Z', 13)).toBe('yesterday');
    expect(said('UTC', '2026-11-23T03:00:00Z', 30)).toBe('2 days ago');
    // It is half past midnight: a time less than an hour ago is given in minutes, even if it was yesterday.
    expect(said('UTC', '2026-11-23T00:30:00Z', 0.75)).toBe('45 min ago');
  });

  it('is compared with the day in the reader’s time zone', () => {
    // 20:00 UTC is the morning of the next day in Auckland.
    expect(said('UTC', '2026-11-23T20:00:00Z', 10)).toBe('10 h ago');
    expect(said('Pacific/Auckland', '2026-11-23T20:00:00Z', 10)).toBe('yesterday');
  });

  it('counts calendar days when the clocks change', () => {
    // 29 March has 23 hours in Berlin: 24 hours before 00:30 on 30 March is 23:30 on 28 March.
    expect(said('Europe/Berlin', '2026-03-29T22:30:00Z', 24)).toBe('2 days ago');
    expect(said('Europe/Berlin', '2026-03-29T22:30:00Z', 23)).toBe('yesterday');
    expect(said('Europe/Berlin', '2026-03-29T21:30:00Z', 22)).toBe('22 h ago');
  });

  it('is a date after a week, and empty if it is not a time', () => {
    expect(said('UTC', '2026-11-23T12:00:00Z', 6 * 24)).toBe('6 days ago');
    expect(said('UTC', '2026-11-23T12:00:00Z', 7 * 24)).toBe('16 Nov 2026');
    expect(ago('never')).toBe('');
  });

  it('is local in a table of the application, and UTC on a page for other people', () => {
    process.env['TZ'] = 'UTC';
    expect(moment('2026-11-23T06:03:59Z')).toBe('23 Nov, 06:03');
    process.env['TZ'] = 'Asia/Tokyo';
    expect(moment('2026-11-23T06:03:59Z')).toBe('23 Nov, 15:03');
    expect(momentUtc(new Date('2026-11-23T06:03:59Z'))).toBe('2026-11-23 06:03 UTC');
  });
});
