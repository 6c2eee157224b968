import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Everything that a later run needs: the weights and the optimizer's vectors. What else changes from epoch to epoch (the
 * order of the images, dropout, the learning rate) follows from the trial's seed and the epoch's number.
 */

/** @param {Float32Array[]} vectors of one length: the weights, then the optimizer's slots */
export async function saveVectors(directory, vectors) {
  const all = new Float32Array(vectors.length * vectors[0].length);
  vectors.forEach((vector, i) => all.set(vector, i * vector.length));
  await writeFile(join(directory, FILE), new Uint8Array(all.buffer));
}

/** @returns {Promise<Float32Array[]>} */
export async function loadVectors(directory, count, length) {
  const bytes = new Uint8Array(await readFile(join(directory, FILE)));
  const all = new Float32Array(bytes.buffer);
  if (all.length !== count * length) {
    throw new Error(`${join(directory, FILE)}: expected ${count} × ${length} numbers, found ${all.length}`);
  }
  return Array.from({ length: count }, (_, i) => all.slice(i * length, (i + 1) * length));
}

/** Single-precision numbers in the machine's byte order. */
const FILE = "vectors.f32";
