/** Reorders samples that are stored plane after plane, so that they follow pixel after pixel. */
export function interleaved(
  data: Uint8Array | Uint16Array,
  components: number,
): Uint8Array | Uint16Array {
  const pixels = data.length / components;
  const mixed =
    data instanceof Uint16Array ? new Uint16Array(data.length) : new Uint8Array(data.length);
  for (let c = 0; c < components; c += 1) {
    for (let i = 0; i < pixels; i += 1) mixed[i * components + c] = data[c * pixels + i];
  }
  return mixed;
}
