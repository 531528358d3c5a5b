/**
 * The one instance of tfjs-core. Loaded as CommonJS because that is what the backends' packages
 * load: an `import` could bring a second instance that knows no kernels.
 */
import { createRequire } from 'node:module';
import type * as util from 'node:util';
import type { Tf } from './types.ts';

export const require = createRequire(import.meta.url);

// tfjs calls a function that Node 23 removed; `node:util` as CommonJS is the object it reads.
const legacyUtil = require('node:util') as typeof util & {
  isNullOrUndefined?: (value: unknown) => boolean;
};
legacyUtil.isNullOrUndefined ??= (value) => value === null || value === undefined;

// The whole of tfjs is loaded for its side effect: it registers the gradients of its operations.
require('@tensorflow/tfjs');

export const tf = require('@tensorflow/tfjs-core') as Tf;
