import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Recorded } from "../../src/history/events.ts";
import { readJournal } from "../../src/journal/read-journal.ts";
import { loadStudy } from "../../src/study/study-folder.ts";
import { findPinned } from "../../src/workers/orphans.ts";
import { eventually } from "../support/eventually.ts";
import { machineWith, newUuid, type ScriptedGpu } from "../support/scripted-gpus.ts";
import { spec, TestFolder } from "./cli.ts";

/** Studies on machines whose GPUs a scripted `nvidia-smi` tells. */

/** Claims its GPUs by files that only one living process can hold, notes its pin, and waits for the file "go". */
const TRAIN = `
import { appendFileSync, existsSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
const place = (name) => new URL("./" + name, import.meta.url);
const environ = Object.fromEntries(
  readFileSync("/proc/self/environ", "utf8").split("\\0").filter(Boolean).map((entry) => entry.split(/=(.*)/s, 2)),
);
const cuda = environ.CUDA_VISIBLE_DEVICES;
const claims = (cuda ?? "").split(",").filter(Boolean).map((uuid) => place("claims/" + uuid + (environ.HPO_SLOT.split(".")[1] ?? "")));
function claim(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
  } catch {
    const pid = readFileSync(file, "utf8");
    const alive = existsSync("/proc/" + pid) && !readFileSync("/proc/" + pid + "/stat", "utf8").includes(") Z");
    if (alive) throw new Error("two runs at once on " + file);
    writeFileSync(file, String(process.pid));
  }
}
export default async function train(params, trial) {
  mkdirSync(place("claims"), { recursive: true });
  for (const file of claims) claim(file);
  appendFileSync(place("pins"), JSON.stringify({ trial: trial.number, cuda, slot: environ.HPO_SLOT, device: trial.device }) + "\\n");
  await trial.report({ step: 1, loss: params.lr });
  while (!existsSync(place("go")) && !trial.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 2));
  for (const file of claims) unlinkSync(file);
  return { loss: params.lr };
}
`;

interface Pin {
  readonly trial: number;
  readonly cuda?: string;
  readonly slot: string;
  readonly device: object;
}

let place: TestFolder;
let uuids: readonly [string, string];
/** A machine with two GPUs. */
let two: NodeJS.ProcessEnv;

beforeEach(() => {
  place = new TestFolder();
  place.write("train.mjs", TRAIN);
  place.write("space.json", spec());
  place.write("go", "");
  uuids = [newUuid(), newUuid()];
  two = machine(uuids.map((uuid) => ({ uuid })));
});

afterEach(() => place.remove());

const machine = (gpus: readonly ScriptedGpu[], name = "machine"): NodeJS.ProcessEnv =>
  machineWith(join(place.folder, name), gpus);
const start = (env: NodeJS.ProcessEnv, ...words: readonly string[]): ReturnType<TestFolder["run"]> =>
  place.run(["study", "start", "space.json", ...words], env);
const pins = (): readonly Pin[] =>
  readFileSync(join(place.folder, "pins"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Pin);

function eventsOf(name: string): readonly Recorded[] {
  const events: Recorded[] = [];
  readJournal(join(place.folder, "studies", name, "journal.jsonl"), (event) => events.push(event));
  return events;
}

const slotsOf = (name: string): unknown => eventsOf(name).findLast((event) => event.type === "session-started")?.slots;

/** Runs of a study that were open at once on one slot. */
function overlaps(name: string): readonly string[] {
  const open = new Map<string, number>();
  const slotOf = new Map<number, string>();
  const found: string[] = [];
  for (const event of eventsOf(name)) {
    if (event.type === "session-started") open.clear();
    if (event.type === "run-started") {
      if (open.has(event.slot)) found.push(`runs ${open.get(event.slot)} and ${event.run} on ${event.slot}`);
      open.set(event.slot, event.run);
      slotOf.set(event.run, event.slot);
    }
    if (event.type === "run-ended") open.delete(slotOf.get(event.run) ?? "");
  }
  return found;
}

describe("study start", () => {
  test.each([[[]], [["--gpus", "auto"]], [["--gpus", "0,1"]]])("takes both GPUs with %j", async (words) => {
    const { code, stdout } = await start(two, ...words, "--trials", "8");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^toy: bayesian, minimize loss, 2 GPU slots$/m);
    expect(pins()).toHaveLength(8);
    for (const { slot, cuda, device } of pins()) {
      const index = slot === "gpu-0" ? 0 : 1;
      const memory = 81559 * 2 ** 20;
      const gpus = [{ index, uuid: uuids[index], name: "NVIDIA H100, PCIe", memory }];
      expect({ cuda, device }).toEqual({ cuda: uuids[index], device: { kind: "gpu", slot, gpus } });
    }
    expect(new Set(pins().map(({ slot }) => slot))).toEqual(new Set(["gpu-0", "gpu-1"]));
    expect(slotsOf("toy")).toEqual(uuids.map((uuid, index) => ({ name: `gpu-${index}`, gpus: [uuid] })));
    expect(overlaps("toy")).toEqual([]);
    expect((await place.run(["study", "verify", "toy"])).code).toBe(0);
  });

  test("takes the one that is named, by index or by the beginning of its UUID", async () => {
    expect((await start(two, "--gpus", "1")).stdout).toContain("1 GPU slot\n");
    expect((await start(two, "--name", "second", "--gpus", uuids[1].slice(0, 12))).code).toBe(0);
    expect(new Set(pins().map(({ cuda }) => cuda))).toEqual(new Set([uuids[1]]));
  });

  test("shares a GPU among trials, and gives a trial two GPUs", async () => {
    place.write("space.json", spec({ workers: { gpus: [0], trialsPerGpu: 2 } }));
    expect((await start(two)).code).toBe(0);
    expect(new Set(pins().map(({ slot, cuda }) => `${slot} ${cuda}`))).toEqual(
      new Set([`gpu-0.0 ${uuids[0]}`, `gpu-0.1 ${uuids[0]}`]),
    );
    const three = machine([...uuids, newUuid()].map((uuid) => ({ uuid })));
    place.write("space.json", spec({ name: "pairs", workers: { gpusPerTrial: 2 } }));
    const { code, stdout } = await start(three);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^gpu-2 is left over: a trial takes 2 GPUs$/m);
    expect(pins().at(-1)).toMatchObject({ slot: "gpu-0+1", cuda: uuids.join(",") });
  });

  test("takes no more GPUs than it has trials", async () => {
    expect((await start(two, "--trials", "1")).stdout).toContain("1 GPU slot\n");
  });

  test("hides the GPUs from CPU slots that were asked for", async () => {
    expect((await start(two, "--gpus", "none")).stdout).toContain("1 CPU slot\n");
    expect((await start(two, "--cpus", "2", "--name", "second")).stdout).toContain("2 CPU slots\n");
    for (const { cuda, device } of pins()) {
      expect(cuda).toBe("");
      expect(device).toMatchObject({ kind: "cpu" });
    }
  });

  test("goes on with CPU slots where auto finds no GPU, and says why", async () => {
    const { code, stdout } = await start({ PATH: "/nowhere" });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^toy: bayesian, minimize loss, 1 CPU slot$/m);
    expect(stdout).toMatch(
      /^no GPU was found: nvidia-smi is not in PATH; rocm-smi is not in PATH; the trials run on CPU slots$/m,
    );
  });

  test("uses what a cluster left to it", async () => {
    const { code, stdout } = await start({ ...two, CUDA_VISIBLE_DEVICES: "1" });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^CUDA_VISIBLE_DEVICES=1 leaves gpu-1 of 2$/m);
    expect(new Set(pins().map(({ cuda }) => cuda))).toEqual(new Set([uuids[1]]));
  });

  test("leaves out a GPU on which somebody computes", async () => {
    const processes = [{ pid: 991, name: "/usr/bin/python", memory: 3277 }];
    const env = machine([{ uuid: uuids[0], processes }, { uuid: uuids[1] }]);
    expect((await start(env)).stdout).toMatch(
      /^gpu-0 is left out: process 991 \(python\), which uses 3.2 GB, computes/m,
    );
    const { stdout } = await start(env, "--gpus", "0", "--name", "second");
    expect(stdout).toMatch(/^gpu-0 is used although process 991/m);
    expect(pins().at(-1)).toMatchObject({ cuda: uuids[0] });
  });

  test.each<[string, readonly string[], object, RegExp]>([
    [
      "an unknown index",
      ["--gpus", "0,5"],
      {},
      /^hpo: there is no GPU "5"; there are: gpu-0 \(NVIDIA H100, PCIe, 80 GB, GPU-/,
    ],
    [
      "a list without nvidia-smi",
      ["--gpus", "0"],
      { PATH: "/nowhere" },
      /^hpo: expected the GPUs 0, but no GPU was found: nvidia-smi is not in PATH/,
    ],
    ["a word", ["--gpus", "all"], {}, /^hpo: --gpus: expected auto, none or a list such as 0,1, received "all"/],
  ])("refuses %s, and creates nothing", async (_, words, env, message) => {
    const { code, stderr } = await start({ ...two, ...env }, ...words);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(await place.json("study", "list")).toEqual([]);
  });

  test("orders a reproducible study for as many runs at a time as there are GPU slots", async () => {
    place.write("space.json", spec({ reproducible: true }));
    expect((await start(two)).code).toBe(0);
    expect((await start(two, "--gpus", "0", "--name", "one")).code).toBe(0);
    expect(loadStudy(join(place.folder, "studies"), "toy").history.settings.parallel).toBe(2);
    expect(loadStudy(join(place.folder, "studies"), "one").history.settings.parallel).toBe(1);
  });

  test("needs a slot of some kind", async () => {
    place.write("space.json", spec({ workers: { cpus: 0 } }));
    const { code, stderr } = await start({ PATH: "/nowhere" });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^hpo: expected a slot to run on, but no GPU was found: .*"cpus" is 0: set it to 1 or more$/m,
    );
  });

  test("trial run computes on a GPU too", async () => {
    await start(two);
    const { code } = await place.run(["trial", "run", "toy", "0", "--gpus", "1"], two);
    expect(code).toBe(0);
    expect(pins().at(-1)).toMatchObject({ trial: 0, slot: "gpu-1", cuda: uuids[1] });
  });
});

describe("two coordinators on one machine", () => {
  const wait = (): void => rmSync(join(place.folder, "go"));

  test("never share a GPU, and say who holds what", async () => {
    wait();
    const first = place.start(["study", "start", "space.json", "--gpus", "0", "--directory", "elsewhere"], two);
    await first.saw(/trial 0 started/);
    const second = place.start(["study", "start", "space.json", "--name", "second"], two);
    await second.saw(/trial 0 started/);
    expect(second.stdout()).toContain("second: bayesian, minimize loss, 1 GPU slot\n");
    const byFirst = `study "toy" (process ${first.child.pid})`;
    const bySecond = `study "second" (process ${second.child.pid})`;
    expect(second.stdout()).toContain(`not free: gpu-0 held by ${byFirst}\n`);

    const auto = await start(two, "--name", "third");
    expect(auto.code).toBe(1);
    expect(auto.stderr).toBe(
      `hpo: every GPU is in use: gpu-0 held by ${byFirst}; gpu-1 held by ${bySecond}. Wait for one, or run on CPU slots with --gpus none ("gpus": "none")\n`,
    );
    const listed = await start(two, "--name", "third", "--gpus", "1");
    expect(listed.code).toBe(1);
    expect(listed.stderr).toContain(`gpu-1 held by ${bySecond}. Wait for it, or name others of: gpu-0 (`);
    expect((await place.json<readonly { name: string }[]>("study", "list")).map(({ name }) => name)).toEqual([
      "second",
    ]);

    const devices = await place.run(["devices", "--json"], two);
    expect((JSON.parse(devices.stdout) as readonly unknown[]).slice(0, 2)).toMatchObject([
      { slot: "gpu-0", free: false, reason: `held by ${byFirst}` },
      { slot: "gpu-1", free: false, reason: 'taken by trial 0 of study "second"' },
    ]);

    place.write("go", "");
    expect(await Promise.all([first.ended, second.ended])).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect((await start(two, "--name", "third")).stdout).toContain("2 GPU slots\n");
    for (const { slot, cuda } of pins()) expect(cuda).toBe(uuids[slot === "gpu-0" ? 0 : 1]);
  });

  test("that start at once get a GPU each, or an error", async () => {
    const names = ["a", "b", "c"];
    wait();
    const running = names.map((name) =>
      place.start(["study", "start", "space.json", "--name", name, "--trials", "1"], two),
    );
    await eventually(
      "two run",
      () => running.filter(({ stdout }) => stdout().includes("trial 0 started")).length === 2,
    );
    const refused = await Promise.race(running.map(async ({ ended }) => await ended));
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("every GPU is in use") as string });
    place.write("go", "");
    const codes = (await Promise.all(running.map(({ ended }) => ended))).map(({ code }) => code);
    expect(codes.toSorted((a, b) => Number(a) - Number(b))).toEqual([0, 0, 1]);
    expect(new Set(pins().map(({ cuda }) => cuda))).toEqual(new Set(uuids));
  });

  test("a killed one's runs hold their GPU until they have ended; its resume has the same pin", async () => {
    wait();
    // Ends by the file "go" alone, long before half of the grace is over.
    const stubborn = 'process.on("SIGTERM", () => setInterval(() => existsSync(place("go")) && process.exit(), 2));';
    place.write("train.mjs", `${TRAIN}\n${stubborn}`);
    place.write("space.json", spec({ trial: { grace: "60s" } }));
    const first = place.start(["study", "start", "space.json", "--gpus", "0"], two);
    await eventually("it computes", () => findPinned([uuids[0]]).size === 1);
    await first.saw(/trial 0 started/);
    await eventually("its objective is there", () => readable("pins"));
    const pid = findPinned([uuids[0]]).get(uuids[0]);
    first.child.kill("SIGKILL");
    await first.ended;
    const refused = await start(two, "--name", "second", "--gpus", "0");
    expect(refused.stderr).toContain(`gpu-0 held by process ${pid}, which a killed study left`);
    const shown = await place.run(["devices"], two);
    expect(shown.stdout).toContain(`held by process ${pid}, which a killed study left`);
    place.write("train.mjs", TRAIN);
    place.write("go", "");
    const resumed = await place.run(["study", "resume", "toy"], two);
    expect(resumed.code).toBe(0);
    expect(resumed.stdout).not.toContain("two runs at once");
    expect(pins().map(({ cuda }) => cuda)).toEqual(Array(5).fill(uuids[0]));
    expect(overlaps("toy")).toEqual([]);
    expect((await place.run(["study", "verify", "toy"])).code).toBe(0);
  });

  const readable = (name: string): boolean => {
    try {
      return readFileSync(join(place.folder, name)).length > 0;
    } catch {
      return false;
    }
  };
});

describe("study resume", () => {
  test("looks at the machine anew, and at its own flags", async () => {
    expect((await start(two, "--trials", "2")).code).toBe(0);
    const other = newUuid();
    const elsewhere = machine([{ uuid: other }], "other");
    const resume = (
      trials: number,
      env: NodeJS.ProcessEnv,
      ...words: readonly string[]
    ): ReturnType<TestFolder["run"]> =>
      place.run(["study", "resume", "toy", "--trials", String(trials), ...words], env);
    expect((await resume(3, elsewhere)).stdout).toContain("1 GPU slot\n");
    expect(pins().at(-1)).toMatchObject({ slot: "gpu-0", cuda: other });
    expect(slotsOf("toy")).toEqual([{ name: "gpu-0", gpus: [other] }]);
    expect((await resume(5, elsewhere, "--cpus", "2")).stdout).toContain("2 CPU slots\n");
    expect(pins().at(-1)).toMatchObject({ cuda: "", device: { kind: "cpu" } });
    const refused = await resume(6, elsewhere, "--gpus", "1");
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no GPU "1"') as string });
    expect((await resume(6, two, "--gpus", "1")).code).toBe(0);
    expect(pins().at(-1)).toMatchObject({ slot: "gpu-1", cuda: uuids[1] });
    const [created] = eventsOf("toy");
    expect(created).toMatchObject({
      settings: { workers: { gpus: "auto", trialsPerGpu: 1, gpusPerTrial: 1, cpus: 1 } },
    });
    expect((await place.run(["study", "verify", "toy"])).code).toBe(0);
  });

  test("enqueueing needs no GPU", async () => {
    await start(two, "--gpus", "1");
    place.write("params.json", { lr: 0.02, opt: "adam" });
    const { code } = await place.run(["study", "enqueue", "toy", "params.json"], { ...two, PATH: "/nowhere" });
    expect(code).toBe(0);
  });
});
