/** Paths of the server's machine, on Windows and elsewhere. Pure. */

const trimmed = (path: string): string =>
  /^([A-Za-z]:[\\/]|[\\/])$/.test(path) ? path : path.replace(/[\\/]+$/, '');

/** The last part of a path. */
export function baseName(path: string): string {
  const parts = trimmed(path).split(/[\\/]/);
  return parts.at(-1) || path;
}

/** A path without its last part. */
export function folderOf(path: string): string {
  const plain = trimmed(path);
  const at = Math.max(plain.lastIndexOf('/'), plain.lastIndexOf('\\'));
  if (at < 0) return plain;
  const parent = plain.slice(0, at);
  return parent === '' || /^[A-Za-z]:$/.test(parent) ? plain.slice(0, at + 1) : parent;
}

export function joinPath(folder: string, name: string): string {
  const separator = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  return /[\\/]$/.test(folder) ? folder + name : folder + separator + name;
}

/** The next name of a series: `corrected` → `corrected-2` → `corrected-3`. */
export function nextName(path: string): string {
  const plain = trimmed(path);
  const [, stem = plain, number = '1'] = /^(.+)-(\d{1,6})$/.exec(plain) ?? [];
  return `${stem}-${Number(number) + 1}`;
}

/** The path relative to `root` if it lies below `root`; `.` if it is `root`; else the path unchanged. */
export function below(path: string, root: string): string {
  const base = trimmed(root);
  if (path === base) return '.';
  return path.startsWith(base) && /[\\/]/.test(path.charAt(base.length))
    ? path.slice(base.length + 1)
    : path;
}
