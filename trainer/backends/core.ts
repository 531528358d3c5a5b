/**
 * The one instance of tfjs-core. It is loaded as CommonJS, as the backends' packages load it: an
 * `import` could bring a second instance without kernels.
 */
import { createRequire } from 'node:module';
import type * as util from 'node:util';
import type { Tf } from './types.ts';

export const require = createRequire(import.meta.url);

// tfjs calls a function that Node 23 removed, on the object that `require('node:util')` gives.
const legacyUtil = require('node:util') as typeof util & {
  isNullOrUndefined?: (value: unknown) => boolean;
};
legacyUtil.isNullOrUndefined ??= (value) => value === null || value === undefined;

// The whole of tfjs is loaded for its side effect: it registers the gradients of its operations.
require('@tensorflow/tfjs');

export const tf = require('@tensorflow/tfjs-core') as Tf;
