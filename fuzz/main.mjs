import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { SHARES } from "./targets.mjs";

/**
 * npm run fuzz -- --count 100000: changed specs, journals, report lines, control messages and HTTP bodies through the real
 * parsers. `--target spec --case 123` runs one case again. Exits with 1 where one crashed, hung or was refused without words.
 */

/** Seconds that one case may take, on a busy machine too. */
const PATIENCE = 60;

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    target: { type: "string" },
    case: { type: "string" },
  },
});

function runTarget(target, count) {
  const underWay = new Int32Array(new SharedArrayBuffer(4));
  const first = Number(values.case ?? 0);
  const data = {
    target,
    seed: Number(values.seed),
    first,
    count: values.case === undefined ? count : 1,
    step: 1,
    underWay,
  };
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./worker.mjs", import.meta.url), { workerData: data });
    let [last, since] = [-1, performance.now()];
    const watch = setInterval(() => {
      const now = Atomics.load(underWay, 0);
      if (now !== last) [last, since] = [now, performance.now()];
      else if (performance.now() - since > PATIENCE * 1000) {
        void worker.terminate();
        resolve({ counts: { failed: 1 }, failures: [{ index: now, error: `no end within ${PATIENCE} seconds` }] });
      }
    }, 1000);
    worker.on("message", resolve);
    worker.on("error", (error) =>
      resolve({
        counts: { failed: 1 },
        failures: [{ index: Atomics.load(underWay, 0), error: `the thread died: ${error.stack}` }],
      }),
    );
    worker.on("exit", (code) => {
      clearInterval(watch);
      if (code !== 0)
        reject(new Error(`the thread of ${target} left with ${code} at case ${Atomics.load(underWay, 0)}`));
    });
  });
}

let bad = false;
for (const [target, share] of Object.entries(SHARES)) {
  if (values.target !== undefined && values.target !== target) continue;
  const count = values.target === undefined ? Math.ceil((Number(values.count) * share) / 100) : Number(values.count);
  const began = performance.now();
  const { counts, failures } = await runTarget(target, count);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${target}: ${JSON.stringify(counts)} in ${seconds} s`);
  for (const { index, error } of failures)
    console.log(`  case ${index} (--target ${target} --case ${index} --seed ${values.seed}): ${error}`);
  bad ||= failures.length > 0;
}
process.exitCode = bad ? 1 : 0;
