import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";

/** What this kernel uses of the wasm backend. */
interface Heap {
  makeOutput(shape: readonly number[], dtype: string): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array | Int32Array;
}

/**
 * Sums of the slices of `x` that carry the same id: the gradient of a gather, so of an embedding. Slices whose id is
 * outside 0 … numSegments − 1 are dropped, as TensorFlow does.
 */
export const unsortedSegmentSum: KernelConfig = {
  kernelName: "UnsortedSegmentSum",
  backendName: "wasm",
  kernelFunc: ({ inputs, attrs, backend }) => {
    const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo };
    const segments = attrs?.["numSegments"] as number;
    const heap = backend as Heap;
    const slice = x.shape.slice(segmentIds.shape.length);
    const length = slice.reduce((product, size) => product * size, 1);
    const output = heap.makeOutput([segments, ...slice], x.dtype);
    // Only now: making the output may have moved the heap.
    const [sums, values, ids] = [output, x, segmentIds].map((tensor) => heap.typedArrayFromHeap(tensor));
    if (sums === undefined || values === undefined || ids === undefined) return output;
    sums.fill(0);
    ids.forEach((id, i) => {
      if (id < 0 || id >= segments) return;
      for (let j = 0; j < length; j++) {
        sums[id * length + j] = (sums[id * length + j] ?? 0) + (values[i * length + j] ?? 0);
      }
    });
    return output;
  },
};
