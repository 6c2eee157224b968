/** Indexes of a slot's process ids, which thread and coordinator share so that the coordinator can clean up after a dead thread. */
export const LAUNCHER = 0;
export const GROUP = 1;

export function makePids(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(8));
}
