import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Piscina } from "piscina";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Device, Gpu } from "../../src/devices/gpu.ts";
import { cpuSlots, gpuSlot, sharedSlots, type Slot } from "../../src/devices/slot.ts";
import { findMarked, findPinned } from "../../dist/workers/orphans.js";
import { eventually } from "../support/eventually.ts";
import { closeAll, fixture, openCommand, openModule } from "../support/process-dispatchers.ts";
import { orderRun, recordRun, runToEnd } from "../support/run-recorder.ts";
import { newUuid } from "../support/scripted-gpus.ts";

/** What the objective's own process finds in the environment that it was started with, which is where CUDA looks. */

const scratch = mkdtempSync(join(tmpdir(), "hpo-pins-"));
afterAll(() => rmSync(scratch, { recursive: true }));

let file: string;

beforeEach(() => {
  file = join(mkdtempSync(join(scratch, "test-")), "pins");
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  expect(await closeAll()).toEqual([]);
});

interface Pin {
  readonly pid: number;
  readonly environ: Readonly<Record<string, string>>;
  readonly device: Device;
}

const pins = (): readonly Pin[] =>
  existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Pin)
    : [];

const gpu = (index: number, vendor: Gpu["vendor"] = "nvidia"): Gpu => ({
  vendor,
  slot: `gpu-${index}`,
  index,
  uuid: newUuid(),
  name: "H100",
  memory: 2 ** 36,
  used: 0,
  mig: false,
  processes: [],
});

const a = gpu(0);
const b = gpu(1);
const c = gpu(2);
/** One GPU alone, two together, and shares of one. */
const SLOTS: readonly Slot[] = [gpuSlot([a]), gpuSlot([b, c]), ...sharedSlots([c], 2)];

const pinOf = ({ name, device }: Slot): object => {
  const uuids = device.kind === "gpu" ? device.gpus.map(({ uuid }) => uuid).join(",") : "";
  return { CUDA_VISIBLE_DEVICES: uuids, CUDA_DEVICE_ORDER: "PCI_BUS_ID", HPO_SLOT: name };
};

async function runOnEach(dispatcher: ReturnType<typeof openModule>, slots: readonly Slot[]): Promise<void> {
  const runs = slots.map(({ name }, run) => runToEnd(dispatcher, { run, slot: name, params: { file } }));
  for (const { outcomes } of await Promise.all(runs)) expect(outcomes).toMatchObject([{ kind: "completed" }]);
}

const compiler = spawnSync("cc", ["--version"]).status === 0;
const python = spawnSync("python3", ["--version"]).status === 0;
const inEachSlotsOrder = (): readonly object[] =>
  SLOTS.map(({ name }) => pins().find(({ environ }) => environ["HPO_SLOT"] === name)?.environ ?? {});

describe("every slot's objective is pinned to the slot's GPUs", () => {
  test("a module", async () => {
    await runOnEach(openModule("pin.mjs", {}, SLOTS), SLOTS);
    expect(inEachSlotsOrder()).toMatchObject(SLOTS.map(pinOf));
    const devices = pins().map(({ device }) => device);
    expect(devices).toHaveLength(SLOTS.length);
    for (const { device } of SLOTS) expect(devices).toContainEqual(device);
  });

  test("a module that computes with hpo/tfjs", async () => {
    vi.stubEnv("HPO_TFJS_BACKEND", "wasm");
    await runOnEach(openModule("pin-tfjs.mjs", {}, SLOTS), SLOTS);
    expect(inEachSlotsOrder()).toMatchObject(SLOTS.map(pinOf));
  });

  test.skipIf(!python)("a Python command (needs python3)", async () => {
    await runOnEach(openCommand(["python3", "pin.py", "{file}"], {}, null, SLOTS), SLOTS);
    expect(inEachSlotsOrder()).toMatchObject(SLOTS.map(pinOf));
  });

  test.skipIf(!compiler)("a compiled program (needs cc)", async () => {
    const program = join(scratch, "pin");
    expect(spawnSync("cc", ["-o", program, fixture("pin.c")]).status).toBe(0);
    await runOnEach(openCommand([program, "{file}"], {}, null, SLOTS), SLOTS);
    expect(inEachSlotsOrder()).toMatchObject(SLOTS.map(pinOf));
  });
});

test("AMD's pin takes the variables away that would filter again", async () => {
  vi.stubEnv("CUDA_VISIBLE_DEVICES", "0");
  vi.stubEnv("HIP_VISIBLE_DEVICES", "0");
  vi.stubEnv("GPU_DEVICE_ORDINAL", "0");
  const card = gpu(3, "amd");
  const slots = [gpuSlot([card])];
  await runOnEach(openModule("pin.mjs", {}, slots), slots);
  const environ = pins()[0]?.environ ?? {};
  expect(environ["ROCR_VISIBLE_DEVICES"]).toBe(card.uuid);
  for (const name of ["CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL"])
    expect(environ).not.toHaveProperty(name);
});

test("CPU slots hide the GPUs where that is wished for, and say who they are", async () => {
  vi.stubEnv("CUDA_VISIBLE_DEVICES", "0,1");
  const [hidden, shown] = [cpuSlots(1, true), cpuSlots(1, false)];
  await runOnEach(openModule("pin.mjs", {}, hidden), hidden);
  await runOnEach(openModule("pin.mjs", {}, shown), shown);
  const device = { kind: "cpu", slot: "cpu-0" };
  expect(pins()).toMatchObject([
    { environ: { CUDA_VISIBLE_DEVICES: "", HIP_VISIBLE_DEVICES: "-1", HPO_SLOT: "cpu-0" }, device },
    { environ: { CUDA_VISIBLE_DEVICES: "0,1", HPO_SLOT: "cpu-0" }, device },
  ]);
});

describe("a slot keeps its pin", () => {
  const slots = [gpuSlot([a]), gpuSlot([b])];
  const slot = "gpu-1";
  const last = (): Pin | undefined => pins().at(-1);

  test("after its host crashed", async () => {
    const dispatcher = openModule("pin.mjs", {}, slots);
    const crashed = await runToEnd(dispatcher, { slot, params: { file, how: "crash" } });
    expect(crashed.outcomes).toMatchObject([{ kind: "failed", cause: { kind: "signal" } }]);
    await runToEnd(dispatcher, { run: 1, slot, params: { file } });
    const [first, second] = pins();
    expect(second?.pid).not.toBe(first?.pid);
    expect([first?.environ, second?.environ]).toMatchObject(Array(2).fill(pinOf(slots[1] as Slot)));
  });

  test.each(["launcher.js", "trial-host.js"])("after its %s was killed", async (program) => {
    const dispatcher = openModule("pin.mjs", {}, slots);
    await runToEnd(dispatcher, { slot, params: { file } });
    const before = last()?.pid;
    const victim = findMarked(dispatcher.studyId).find((pid) => runs(pid, program) && serves(pid, before));
    expect(victim).toBeDefined();
    process.kill(victim as number, "SIGKILL");
    await eventually("another host has run it", async () => {
      await runToEnd(dispatcher, { run: 1, slot, params: { file } });
      return last()?.pid !== before;
    });
    expect(last()?.environ).toMatchObject(pinOf(slots[1] as Slot));
  });

  test("after its thread died", async () => {
    const run = vi.spyOn(Piscina.prototype, "run");
    const dispatcher = openModule("pin.mjs", {}, slots);
    const hanging = recordRun();
    dispatcher.start(orderRun({ slot, params: { file, how: "hang" } }), hanging);
    await eventually("it runs", () => pins().length === 1);
    await (run.mock.contexts.at(-1) as Piscina).threads[0]?.terminate();
    expect(await hanging.outcome).toMatchObject({ kind: "failed" });
    await runToEnd(dispatcher, { run: 1, slot, params: { file } });
    expect(new Set(pins().map(({ pid }) => pid)).size).toBe(2);
    expect(last()?.environ).toMatchObject(pinOf(slots[1] as Slot));
  });
});

test("a launcher has no pin, and what is pinned can be found", async () => {
  const dispatcher = openModule("pin.mjs", {}, [gpuSlot([a])]);
  await runToEnd(dispatcher, { slot: "gpu-0", params: { file } });
  const launchers = findMarked(dispatcher.studyId).filter((pid) => runs(pid, "launcher.js"));
  expect(launchers).toHaveLength(1);
  for (const pid of launchers) expect(readFileSync(`/proc/${pid}/environ`, "utf8")).not.toContain(a.uuid);
  expect(findPinned([a.uuid, b.uuid])).toEqual(new Map([[a.uuid, pins()[0]?.pid]]));
});

const runs = (pid: number, program: string): boolean => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(program);

/** Whether a process is the host, or its parent. */
function serves(pid: number, host: number | undefined): boolean {
  const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${host}/status`, "utf8"))?.[1];
  return pid === host || pid === Number(parent);
}
