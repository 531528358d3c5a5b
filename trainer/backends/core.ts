/**
 * Loads the one instance of tfjs-core. It is loaded as CommonJS, in the same way as the backends'
 * packages load it: an `import` could load a second instance, without kernels.
 */
import { createRequire } from 'node:module';
import type * as util from 'node:util';
import type { Tf } from './types.ts';

export const require = createRequire(import.meta.url);

// tfjs calls a function of `node:util` that Node 23 removed, so this adds a replacement.
const legacyUtil = require('node:util') as typeof util & {
  isNullOrUndefined?: (value: unknown) => boolean;
};
legacyUtil.isNullOrUndefined ??= (value) => value === null || value === undefined;

// All of tfjs is loaded, because loading registers the gradients of its operations.
require('@tensorflow/tfjs');

export const tf = require('@tensorflow/tfjs-core') as Tf;
