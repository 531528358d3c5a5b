/** Numbers and times as people say them. Pure. */

const plurals: Readonly<Record<string, string>> = { mask: 'masks', match: 'matches' };

/** `1 case`, `1,234 cases`. */
export function count(value: number, noun: string): string {
  return `${value.toLocaleString('en')} ${value === 1 ? noun : (plurals[noun] ?? `${noun}s`)}`;
}

/** Seconds as `45 s`, `3 min`, `1 h 20 min`; short times to the second. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (whole < 600 && whole % 60 !== 0) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`;
}

/** The time left, rounded: `about 3 min left`. */
export function timeLeft(seconds: number): string {
  if (seconds < 10) return 'a few seconds left';
  if (seconds < 90) return `about ${Math.round(seconds / 5) * 5} s left`;
  return `about ${duration(Math.round(seconds / 60) * 60)} left`;
}

const DAY = 86_400;

/** `just now`, `3 min ago`, `yesterday`, `12 Nov 2026`. */
export function ago(iso: string, now: Date = new Date()): string {
  const then = new Date(iso);
  const seconds = (now.getTime() - then.getTime()) / 1000;
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < DAY) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 2 * DAY) return 'yesterday';
  if (seconds < 7 * DAY) return `${Math.floor(seconds / DAY)} days ago`;
  return then.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}

/** Day and time, for tables: `23 Nov, 06:03`. */
export function moment(iso: string): string {
  return new Date(iso).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** A share as `37 %`; 0 % only for nothing, 100 % only for all. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  if (share > 0 && rounded === 0) return '1 %';
  if (share < 1 && rounded === 100) return '99 %';
  return `${rounded} %`;
}
