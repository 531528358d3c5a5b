/** Chooses the TensorFlow for this machine, and its folder in the cache. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../models/folders.ts';

const TENSORFLOW_VERSION = '2.21.0';
export type Flavour = 'cpu' | 'gpu';

/**
 * `gpu` where an NVIDIA driver for Linux is present, else `cpu`. The environment variable
 * OVERREAD_TENSORFLOW (cpu or gpu) takes precedence.
 */
export function tensorflowFlavour(): Flavour {
  const asked = process.env['OVERREAD_TENSORFLOW'];
  if (asked === 'cpu' || asked === 'gpu') return asked;
  return process.platform === 'linux' && existsSync('/proc/driver/nvidia/version') ? 'gpu' : 'cpu';
}

export function tensorflowFolder(flavour: Flavour = tensorflowFlavour()): string {
  return join(cacheFolder(), `tensorflow-${TENSORFLOW_VERSION}-${flavour}`);
}
