/** Items that belong together, as units: cases that are dealt into parts, cells of one row. */

/** The items in groups, each where its first item stands; an item of no group is one of its own. */
export function grouped<T, Key>(items: Iterable<T>, groupOf: (item: T) => Key | undefined): T[][] {
  const units: T[][] = [];
  const known = new Map<Key, T[]>();
  for (const item of items) {
    const group = groupOf(item);
    const unit = group === undefined ? undefined : known.get(group);
    if (unit) {
      unit.push(item);
      continue;
    }
    const made = [item];
    units.push(made);
    if (group !== undefined) known.set(group, made);
  }
  return units;
}
