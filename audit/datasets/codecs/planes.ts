/** From plane after plane to pixel after pixel. */
export function interleaved<T extends Uint8Array | Uint16Array>(data: T, components: number): T {
  const pixels = data.length / components;
  const mixed = new (data.constructor as new (length: number) => T)(data.length);
  for (let c = 0; c < components; c += 1) {
    for (let i = 0; i < pixels; i += 1) mixed[i * components + c] = data[c * pixels + i];
  }
  return mixed;
}
