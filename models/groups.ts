/** Items that must stay together, as units: for whoever deals cases into parts. */

/** The items in groups, each where its first item stands; an item of no group is one of its own. */
export function grouped<T>(items: readonly T[], groupOf: (item: T) => number | undefined): T[][] {
  const units: T[][] = [];
  const known = new Map<number, T[]>();
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
