import { readFileSync } from "node:fs";
import { permutation, stream } from "./random.js";

/** 1,797 images of handwritten digits, 8 × 8 pixels with 17 grey levels; see data/README.md for the source. */

export const PIXELS = 64;
export const CLASSES = 10;
const ROWS = 1797;
/** A third is held out. Its choice belongs to the problem: the same for every trial and every study. */
const HELD_OUT = 1 / 3;
const SPLIT_SEED = 1;

/**
 * @returns {{ training: Part, validation: Part }} with the same share of every class in both parts
 * @typedef {{ rows: number, images: Float32Array, labels: Float32Array }} Part row-major: `images` rows × 64 in [0, 1],
 *   `labels` rows × 10, one-hot
 */
export function loadDigits() {
  const images = readFileSync(new URL("data/images.bin", import.meta.url));
  const labels = readFileSync(new URL("data/labels.bin", import.meta.url));
  if (images.length !== ROWS * PIXELS || labels.length !== ROWS) {
    throw new Error(
      `search-spaces/digits/data: expected ${ROWS} × ${PIXELS} and ${ROWS} bytes, found ${images.length} and ${labels.length}`,
    );
  }
  const validation = [];
  const training = [];
  for (let digit = 0; digit < CLASSES; digit++) {
    const rows = [...labels.keys()].filter((row) => labels[row] === digit);
    const order = permutation(rows.length, stream(SPLIT_SEED, "split", digit));
    const heldOut = Math.round(rows.length * HELD_OUT);
    order.forEach((position, i) => (i < heldOut ? validation : training).push(rows[position]));
  }
  return { training: part(images, labels, training), validation: part(images, labels, validation) };
}

function part(images, labels, rows) {
  const pixels = new Float32Array(rows.length * PIXELS);
  const oneHot = new Float32Array(rows.length * CLASSES);
  rows.forEach((row, i) => {
    for (let p = 0; p < PIXELS; p++) pixels[i * PIXELS + p] = images[row * PIXELS + p] / 16;
    oneHot[i * CLASSES + labels[row]] = 1;
  });
  return { rows: rows.length, images: pixels, labels: oneHot };
}

/** The part's rows in another order. */
export function reordered({ rows, images, labels }, order) {
  const pixels = new Float32Array(images.length);
  const oneHot = new Float32Array(labels.length);
  order.forEach((row, i) => {
    pixels.set(images.subarray(row * PIXELS, (row + 1) * PIXELS), i * PIXELS);
    oneHot.set(labels.subarray(row * CLASSES, (row + 1) * CLASSES), i * CLASSES);
  });
  return { rows, images: pixels, labels: oneHot };
}
