/** Escapes text for HTML and CSV. Names of cases come from files and may hold any character. */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Escapes HTML text and quoted attribute values. Each control character (line breaks and tabs, too) and each
 * lone surrogate becomes U+FFFD, because HTML forbids most of them.
 */
export function html(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}]/gu, '\u{fffd}')
    .replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/**
 * One field of a CSV file (RFC 4180); null becomes an empty field. A text that a spreadsheet would run as a
 * formula gets an apostrophe in front, which spreadsheets do not show. A number stays a number.
 */
export function csvField(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = value;
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
