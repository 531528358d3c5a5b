/**
 * Views into a tensor's memory. tfjs has no views, and a copy for each tap of a filter would cost more
 * than the arithmetic. This file uses internals of tfjs-backend-wasm 4.22.
 */
import type { DataId, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { tf } from './core.ts';

interface Innards {
  dataIdNextNumber: number;
  readonly dataIdMap: {
    get(id: DataId): { readonly memoryOffset: number };
    set(id: DataId, data: Record<string, unknown>): void;
    delete(id: DataId): void;
  };
  readonly wasm: {
    readonly tfjs: {
      registerTensor(id: number, size: number, offset: number): void;
      disposeData(id: number): void;
    };
  };
}

/**
 * Calls `use` with a view of `tensor`'s memory that starts after `skip` floats and has `shape`. The view
 * is valid only during the call, and must end within the tensor's memory.
 */
export function withView<T>(
  tensor: Tensor,
  skip: number,
  shape: number[],
  use: (view: TensorInfo) => T,
): T {
  const size = shape.reduce((product, side) => product * side, 1);
  if (skip < 0 || skip + size > tensor.size) throw new Error('a view leaves its tensor');
  const innards = tf.backend() as unknown as Innards;
  const id = innards.dataIdNextNumber++;
  const dataId: DataId = { id };
  const memoryOffset = innards.dataIdMap.get(tensor.dataId).memoryOffset + 4 * skip;
  innards.dataIdMap.set(dataId, { id, memoryOffset, shape, dtype: 'float32', refCount: 1 });
  innards.wasm.tfjs.registerTensor(id, size, memoryOffset);
  try {
    return use({ dataId, shape, dtype: 'float32' });
  } finally {
    // The `disposeData` of the backend itself would also free the memory, which belongs to the tensor.
    innards.wasm.tfjs.disposeData(id);
    innards.dataIdMap.delete(dataId);
  }
}
