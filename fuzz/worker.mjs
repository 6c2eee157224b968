import { parentPort, workerData } from "node:worker_threads";
import { createRandom } from "./mutate.mjs";
import { openTarget } from "./targets.mjs";

/** Runs cases of one target in a thread, and says which one is under way, so that a case without an end is known by its number. */
const { target, seed, first, count, underWay } = workerData;
const { run, close } = openTarget(target);
const counts = { taken: 0, refused: 0 };
const failures = [];
for (let index = first; index < first + count; index++) {
  Atomics.store(underWay, 0, index);
  try {
    counts[await run(createRandom(Math.imul(seed, 0x9e3779b1) + index))]++;
  } catch (error) {
    if (failures.length < 5) failures.push({ index, error: error?.stack ?? String(error) });
    counts.failed = (counts.failed ?? 0) + 1;
  }
}
close();
// A port of threads has no origin.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort.postMessage({ counts, failures });
