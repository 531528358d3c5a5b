/** The automatic window of an image, used until a person chooses another one. */

/** Share of the pixels, the darkest, that become black; as many of the brightest become white. */
const CLIP = 0.005;

/**
 * The window from the 0.5 to the 99.5 percentile of samples that use all 16 bits; exact to 1/4096 of the
 * full range.
 */
function percentileWindow(samples: Uint16Array): { low: number; high: number } {
  const counts = new Uint32Array(4096);
  for (const sample of samples) counts[sample >> 4] += 1;
  const at = (share: number): number => {
    let seen = 0;
    for (let bin = 0; bin < counts.length; bin += 1) {
      seen += counts[bin];
      if (seen > share * samples.length) return bin << 4;
    }
    return 65_535;
  };
  const low = at(CLIP);
  return { low, high: Math.max(low + 16, at(1 - CLIP) + 15) };
}

/** Turns samples into 8-bit grey with their automatic window. */
export function windowed(samples: Uint16Array): Uint8Array {
  const { low, high } = percentileWindow(samples);
  const grey = new Uint8Array(samples.length);
  for (let i = 0; i < grey.length; i += 1) {
    grey[i] = Math.max(0, Math.min(255, ((samples[i] - low) / (high - low)) * 255));
  }
  return grey;
}
