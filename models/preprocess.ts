/** Prepares an image of the sample set for a network; training and scoring use the same steps. */

/** Every ONNX file keeps this object as JSON; scoring refuses a file that keeps something else. */
export const PREPROCESSING = { image: 'area-resampled, full range, z-scored', labels: 'binary' };

/**
 * Scales the pixels of one image to mean 0 and variance 1.
 * @param image uint16 samples, full range
 * @param out the array to write to; a new array when left out
 * @returns float32, same length; all zeros for an image of one grey
 */
export function zScore(image: Uint16Array, out = new Float32Array(image.length)): Float32Array {
  let sum = 0;
  let squares = 0;
  for (const value of image) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / image.length;
  const variance = squares / image.length - mean * mean;
  const scale = variance > 1e-6 ? 1 / Math.sqrt(variance) : 0;
  for (let i = 0; i < image.length; i++) out[i] = (image[i] - mean) * scale;
  return out;
}
