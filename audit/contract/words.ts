/**
 * How numbers, shares, sizes, times and plurals are written: the same in the window, on the command
 * line and in the report. English, whatever the language of the machine. Pure.
 */

const PLURALS = new Intl.PluralRules('en');
const INTEGERS = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const DAYS = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const DATE = { day: 'numeric', month: 'short', year: 'numeric' } as const;
const MOMENT = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;

/** Written in place of an unknown number. */
const UNKNOWN = '–';

/** `lung` → `Lung`: begins with a capital. */
export const titled = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Asks a person to wait for a long task. The window takes the sentence away when the task has ended. */
export const waitFor = (title: string): string => `Wait for “${title}” to end, or cancel it.`;

/** `the lung`, `the lung and the heart`, `the lung, the heart and the nodule` */
export function listed(structures: readonly string[]): string {
  const names = structures.map((name) => `the ${name}`);
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}

/** `1,234`; rounds to a whole number. */
export function integer(value: number): string {
  return INTEGERS.format(value);
}

/** The regular plural: `labels`, `matches`, `boxes`, `entries`. */
function regular(noun: string): string {
  // Other nouns in `ch` only get an `s`, such as epochs.
  if (/(?:s|x|z|sh|tch|nch)$/.test(noun)) return `${noun}es`;
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return `${noun}s`;
}

/**
 * The word that goes with a number: `plural(1, 'case')` is `case`, `plural(2, 'is', 'are')` is `are`.
 * @param many the plural, if it is not regular
 */
export function plural(count: number, one: string, many: string = regular(one)): string {
  return PLURALS.select(count) === 'one' ? one : many;
}

/** `1 case`, `1,234 cases`. @param many the plural, if it is not regular */
export function counted(count: number, one: string, many?: string): string {
  return `${integer(count)} ${plural(count, one, many)}`;
}

/**
 * A share as `37 %`. A share above 0 is never `0 %` but `< 1 %`, and one below 1 is never `100 %` but
 * `> 99 %`.
 * @param share 0 … 1, or more if a part may exceed the whole
 * @param options.digits digits after the point; with one digit `3.1 %` and `< 0.1 %`
 */
export function percent(share: number, { digits = 0 }: { digits?: number } = {}): string {
  if (!Number.isFinite(share)) return UNKNOWN;
  const [step, value] = [10 ** -digits, Number((share * 100).toFixed(digits))];
  if (share > 0 && value === 0) return `< ${step.toFixed(digits)} %`;
  if (share < 1 && value >= 100) return `> ${(100 - step).toFixed(digits)} %`;
  const text = value.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${text} %`;
}

/** `−1.41` with a true minus sign and never `−0.00`; a dash where the number is unknown. */
export function decimal(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** A difference as `+1.4`, `−1.4` or `0.0`, or a dash if it is unknown. */
export function signed(value: number | null | undefined, digits: number): string {
  const text = decimal(value, digits);
  return (value ?? 0) > 0 && Number(text) > 0 ? `+${text}` : text;
}

const SIZES = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** `512 bytes`, `1.2 MB`, `34 GB`. Units are powers of 1000; numbers below 10 get one decimal. */
export function bytes(size: number): string {
  if (size < 1000) return counted(size, 'byte');
  let [value, unit] = [size / 1000, 0];
  while (value >= 999.5 && unit < SIZES.length - 1) [value, unit] = [value / 1000, unit + 1];
  const digits = value < 9.95 ? 1 : 0;
  return value.toLocaleString('en', {
    style: 'unit',
    unit: SIZES[unit],
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** `45 s`, `1 min 15 s`, `12 min`, `1 h 20 min`: whole seconds below ten minutes, then whole minutes. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 600) return pair(Math.floor(whole / 60), 'min', whole % 60, 's');
  const minutes = Math.round(whole / 60);
  return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

/** Joins two units, as in `1 h 20 min`, and leaves out a part that is 0. */
function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  if (large === 0) return `${small} ${smallUnit}`;
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** `about 3 min left`: rounded, because an estimate is not exact. */
export function timeLeft(seconds: number): string {
  if (seconds < 10) return 'a few seconds left';
  const unit = seconds < 90 ? 5 : 60;
  return `about ${duration(Math.round(seconds / unit) * unit)} left`;
}

/** The number of a day in the reader's time zone. The next day has the next number. */
function dayOf(time: Date): number {
  return Date.UTC(time.getFullYear(), time.getMonth(), time.getDate()) / 86_400_000;
}

/**
 * `just now`, `3 min ago`, `5 h ago`; for earlier days of the reader's calendar `yesterday`, `4 days ago`;
 * from seven days on the date, `12 Nov 2026`. A future time gives `just now`; a text that is no time gives an
 * empty text.
 * @param time an ISO time
 */
export function ago(time: string, now: Date = new Date()): string {
  const then = new Date(time);
  const seconds = (now.getTime() - then.getTime()) / 1000;
  if (Number.isNaN(seconds)) return '';
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  const days = dayOf(now) - dayOf(then);
  if (days === 0) return `${Math.floor(seconds / 3600)} h ago`;
  return days < 7 ? DAYS.format(-days, 'day') : then.toLocaleDateString('en-GB', DATE);
}

/** The reader's day and time, for tables: `23 Nov, 06:03`. @param time an ISO time */
export function moment(time: string): string {
  return new Date(time).toLocaleString('en-GB', MOMENT);
}

/** A time in UTC, for a page that people in other time zones may read: `2026-11-23 06:03 UTC`. */
export function momentUtc(time: Date): string {
  const text = time.toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
}
