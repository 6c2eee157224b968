import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { verifyStudy } from "../dist/study/verify.js";
import { createRandom } from "../fuzz/mutate.mjs";
import { kinds } from "./kinds.mjs";
import { FaultyStudy } from "./session.mjs";

/**
 * npm run faults -- --count 1000: whole studies under faults of the disk, kills, second writers, and folders that vanish or are
 * replaced. After each study: nothing that was told is lost or told twice, its journal opens, and verify passes. `--kind kill`
 * tries one kind alone. Exits with 1 where that does not hold.
 */

/** Faults of one study, before it may go on to its end. */
const FAULTS = 6;

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "40" },
    seed: { type: "string", default: "1" },
    kind: { type: "string" },
  },
});

const scratch = mkdtempSync(join(tmpdir(), "hpo-faults-"));
const all = Object.entries(kinds(compileShim()));
const chosen = values.kind === undefined ? all : all.filter(([name]) => name === values.kind);
if (chosen.length === 0)
  throw new Error(`no kind of fault is called ${values.kind}; there are ${all.map(([name]) => name).join(", ")}`);
const counts = {};
let [faults, studies, told] = [0, 0, 0];
const wrong = [];

while (faults < Number(values.count)) {
  const seed = Number(values.seed) * 100_000 + studies++;
  const place = mkdtempSync(join(scratch, "study-"));
  const study = new FaultyStudy(place, seed);
  const random = createRandom(seed);
  const done = [];
  try {
    for (let index = 0; index < FAULTS && faults < Number(values.count); index++) {
      // In turns, so that each kind comes about as often as the others; which hits which moment is chance.
      const [name, fault] = chosen[faults % chosen.length];
      faults++;
      counts[name] = (counts[name] ?? 0) + 1;
      done.push(name);
      await fault(study, random);
    }
    await toItsEnd(study);
    told += assertWhole(study);
    rmSync(place, { recursive: true });
  } catch (error) {
    wrong.push(`study ${seed} after ${done.join(", ")}: ${error.message} (its files are in ${place})`);
    console.log(`WRONG ${wrong.at(-1)}`);
  }
}
console.log(
  `${faults} faults over ${studies} studies, ${told} events told and found again; ${wrong.length} studies wrong`,
);
for (const [name, count] of Object.entries(counts)) console.log(`  ${String(count).padStart(5)} ${name}`);
if (wrong.length === 0) rmSync(scratch, { recursive: true });
process.exitCode = wrong.length === 0 ? 0 : 1;

/** @returns undefined where there is no compiler: the disk then does not fail */
function compileShim() {
  const library = join(scratch, "failing-disk.so");
  const source = fileURLToPath(new URL("failing-disk.c", import.meta.url));
  const { status } = spawnSync("cc", ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], { stdio: "ignore" });
  if (status === 0 && process.platform === "linux") return library;
  console.log("no faults of the disk: they need Linux and a C compiler (cc)");
  return undefined;
}

async function toItsEnd(study) {
  const { code, words } = await study.start().ended;
  if (code !== 0) throw new Error(`it does not go on: ${words}`);
}

/** @returns how many events were told */
function assertWhole(study) {
  const verified = verifyStudy(study.journal);
  if (verified.kind !== "verified") throw new Error(`verify: ${JSON.stringify(verified)}`);
  const lines = readFileSync(study.journal, "utf8").trimEnd().split("\n");
  const journal = lines.map((line) => {
    const { crc: _, ...event } = JSON.parse(line);
    return event;
  });
  const events = study.events();
  const lost = events.filter((event) => !isDeepStrictEqual(journal[event.seq], event));
  if (lost.length > 0)
    throw new Error(`${lost.length} of ${events.length} told events lost, first ${JSON.stringify(lost[0])}`);
  for (const [type, key] of [
    ["trial-created", "trial"],
    ["run-started", "run"],
    ["run-ended", "run"],
  ]) {
    const numbers = journal.filter((event) => event.type === type).map((event) => event[key]);
    if (new Set(numbers).size !== numbers.length) throw new Error(`${type}: a ${key} is there twice`);
  }
  if (journal.filter(({ type }) => type === "trial-created").length !== 17) throw new Error("it is not complete");
  const left = readdirSync(study.folder).filter((name) => /lock|control|fresh/.test(name));
  if (left.length > 0 || existsSync(study.hold)) throw new Error(`it left ${left.join(", ")}`);
  return events.length;
}
