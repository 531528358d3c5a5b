/** Puts items that belong together into groups. */

/**
 * Groups of items, in the order of their first items. An item whose group is undefined is a group of its
 * own.
 */
export function grouped<T, Key>(items: Iterable<T>, groupOf: (item: T) => Key | undefined): T[][] {
  const units: T[][] = [];
  const byGroup = new Map<Key, T[]>();
  for (const item of items) {
    const group = groupOf(item);
    const unit = group === undefined ? undefined : byGroup.get(group);
    if (unit) {
      unit.push(item);
      continue;
    }
    const made = [item];
    units.push(made);
    if (group !== undefined) byGroup.set(group, made);
  }
  return units;
}
