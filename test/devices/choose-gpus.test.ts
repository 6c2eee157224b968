import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseGpus, type GpuChoice, type GpuWish } from "../../src/devices/choose-gpus.ts";
import type { Gpu } from "../../src/devices/gpu.ts";
import { restrictionOf } from "../../src/devices/visible.ts";
import { HpoError } from "../../src/errors.ts";

const GB = 2 ** 30;

function gpu(index: number, changes: Partial<Gpu> = {}): Gpu {
  const slot = `gpu-${index}`;
  const uuid = `GPU-${index}${index}${index}${index}-abcd`;
  return {
    vendor: "nvidia",
    slot,
    index,
    uuid,
    name: "H100",
    memory: 80 * GB,
    used: 0,
    mig: false,
    processes: [],
    ...changes,
  };
}

const mig = (index: number, device: number): Gpu =>
  gpu(index, { slot: `gpu-${index}-mig-${device}`, uuid: `MIG-${index}${device}-abcd`, mig: true });
const python = { pid: 991, name: "/usr/bin/python", memory: 3.2 * GB };
const busy = (index: number): Gpu => gpu(index, { processes: [python] });
const HOLDER = 'study "other" (process 12)';

interface Machine {
  readonly gpus: readonly Gpu[];
  readonly env?: NodeJS.ProcessEnv;
  readonly held?: readonly string[];
  readonly problems?: readonly string[];
  readonly needed?: number;
}

function choose(wish: Partial<GpuWish>, machine: Machine): GpuChoice {
  const { gpus, env = {}, held = [], problems = [], needed = Infinity } = machine;
  const found = { gpus, problems, restriction: gpus.length === 0 ? undefined : restrictionOf(gpus, env) };
  const whole = { gpus: "auto", trialsPerGpu: 1, gpusPerTrial: 1, ...wish } as const;
  return chooseGpus(whole, found, new Map(held.map((uuid) => [uuid, HOLDER])), needed);
}

const two = [gpu(0), gpu(1)];
const divided = [gpu(0), mig(1, 0), mig(1, 1)];
const uuid = (index: number): string => gpu(index).uuid;

describe("slots", () => {
  test.each<[string, Partial<GpuWish>, Machine, readonly string[], readonly string[]]>([
    ["all of them", {}, { gpus: two }, ["gpu-0", "gpu-1"], []],
    [
      "none where there is none",
      {},
      { gpus: [], problems: ["nvidia-smi is not in PATH"] },
      [],
      ["no GPU was found: nvidia-smi is not in PATH"],
    ],
    ["no more than are needed", {}, { gpus: two, needed: 1 }, ["gpu-0"], []],
    ["those that were named, in their order", { gpus: ["1", "0"] }, { gpus: two }, ["gpu-1", "gpu-0"], []],
    ["one by its UUID", { gpus: [uuid(1)] }, { gpus: two }, ["gpu-1"], []],
    ["one by the beginning of its UUID", { gpus: ["gpu-11"] }, { gpus: two }, ["gpu-1"], []],
    ["one by its slot", { gpus: ["gpu-1-mig-1"] }, { gpus: divided }, ["gpu-1-mig-1"], []],
    ["all instances of a divided one", { gpus: ["1"] }, { gpus: divided }, ["gpu-1-mig-0", "gpu-1-mig-1"], []],
    ["GPUs and instances", {}, { gpus: divided }, ["gpu-0", "gpu-1-mig-0", "gpu-1-mig-1"], []],
    [
      "shares, spread over the GPUs",
      { trialsPerGpu: 2 },
      { gpus: two },
      ["gpu-0.0", "gpu-1.0", "gpu-0.1", "gpu-1.1"],
      [],
    ],
    ["shares that are needed", { trialsPerGpu: 3 }, { gpus: two, needed: 3 }, ["gpu-0.0", "gpu-1.0", "gpu-0.1"], []],
    ["shares on the GPUs that are needed", { trialsPerGpu: 3 }, { gpus: two, needed: 1 }, ["gpu-0.0"], []],
    ["groups", { gpusPerTrial: 2 }, { gpus: [...two, gpu(2), gpu(3)] }, ["gpu-0+1", "gpu-2+3"], []],
    [
      "a group in the order that was named",
      { gpus: ["2", "0"], gpusPerTrial: 2 },
      { gpus: [...two, gpu(2)] },
      ["gpu-2+0"],
      [],
    ],
    [
      "groups, and one left over",
      { gpusPerTrial: 2 },
      { gpus: [...two, gpu(2)] },
      ["gpu-0+1"],
      ["gpu-2 is left over: a trial takes 2 GPUs"],
    ],
    [
      "groups without instances",
      { gpusPerTrial: 2 },
      { gpus: [...two, mig(2, 0)] },
      ["gpu-0+1"],
      ["MIG instances are left out: CUDA gives a process one instance only"],
    ],
    ["those that nobody holds", {}, { gpus: two, held: [uuid(0)] }, ["gpu-1"], [`not free: gpu-0 held by ${HOLDER}`]],
    [
      "those on which nobody computes",
      {},
      { gpus: [busy(0), gpu(1)] },
      ["gpu-1"],
      ["gpu-0 is left out: process 991 (python), which uses 3.2 GB, computes on it; --gpus 0 uses it all the same"],
    ],
    [
      "one on which somebody computes, for want of others",
      {},
      { gpus: [busy(0)] },
      ["gpu-0"],
      ["gpu-0 is used although process 991 (python), which uses 3.2 GB, computes on it"],
    ],
    [
      "one on which somebody computes, as asked",
      { gpus: ["0"] },
      { gpus: [busy(0), gpu(1)] },
      ["gpu-0"],
      ["gpu-0 is used although process 991 (python), which uses 3.2 GB, computes on it"],
    ],
    [
      "a group with one on which somebody computes, last",
      { gpusPerTrial: 2 },
      { gpus: [busy(0), gpu(1)] },
      ["gpu-1+0"],
      ["gpu-0 is used although process 991 (python), which uses 3.2 GB, computes on it"],
    ],
    [
      "those that a cluster left",
      {},
      { gpus: two, env: { CUDA_VISIBLE_DEVICES: "1" } },
      ["gpu-1"],
      ["CUDA_VISIBLE_DEVICES=1 leaves gpu-1 of 2"],
    ],
    [
      "none that a cluster left",
      {},
      { gpus: two, env: { CUDA_VISIBLE_DEVICES: "" } },
      [],
      ["CUDA_VISIBLE_DEVICES= leaves no GPU of 2"],
    ],
    [
      "one that was named against the cluster",
      { gpus: ["0"] },
      { gpus: two, env: { CUDA_VISIBLE_DEVICES: "1" } },
      ["gpu-0"],
      ["gpu-0 is used as asked, though CUDA_VISIBLE_DEVICES=1 leaves it out"],
    ],
  ])("%s", (_, wish, machine, names, notes) => {
    const choice = choose(wish, machine);
    expect(choice.slots.map(({ name }) => name)).toEqual(names);
    expect(choice.notes).toEqual(notes);
  });
});

const THERE = "gpu-0 (H100, 80 GB, GPU-0000), gpu-1 (H100, 80 GB, GPU-1111)";

describe("refusals", () => {
  test.each<[string, Partial<GpuWish>, Machine, string, string]>([
    [
      "an unknown index",
      { gpus: ["0", "5"] },
      { gpus: two },
      "invalid-argument",
      `there is no GPU "5"; there are: ${THERE}`,
    ],
    [
      "an unknown UUID",
      { gpus: ["GPU-9"] },
      { gpus: two },
      "invalid-argument",
      `there is no GPU "GPU-9"; there are: ${THERE}`,
    ],
    [
      "a UUID of several",
      { gpus: ["GPU-"] },
      { gpus: two },
      "invalid-argument",
      `"GPU-" begins the UUID of several GPUs: ${THERE}`,
    ],
    [
      "one that is named twice",
      { gpus: ["0", uuid(0)] },
      { gpus: two },
      "invalid-argument",
      `expected each GPU once, but 0, ${uuid(0)} names gpu-0 twice`,
    ],
    [
      "a divided GPU without instances",
      { gpus: ["0"] },
      { gpus: [gpu(1)], problems: ["gpu-0 is in MIG mode and has no instance"] },
      "invalid-argument",
      'there is no GPU "0"; there are: gpu-1 (H100, 80 GB, GPU-1111) (gpu-0 is in MIG mode and has no instance)',
    ],
    [
      "a list where there is no GPU",
      { gpus: ["0", "1"] },
      { gpus: [], problems: ["nvidia-smi is not in PATH"] },
      "invalid-argument",
      'expected the GPUs 0, 1, but no GPU was found: nvidia-smi is not in PATH. CPU slots are chosen by --gpus none ("gpus": "none")',
    ],
    [
      "fewer than a trial takes",
      { gpusPerTrial: 3 },
      { gpus: two },
      "invalid-argument",
      `expected at least 3 GPUs, since gpusPerTrial is 3; there are: ${THERE}`,
    ],
    [
      "fewer named than a trial takes",
      { gpus: ["0"], gpusPerTrial: 2 },
      { gpus: two },
      "invalid-argument",
      "expected at least 2 GPUs, since gpusPerTrial is 2; there are: gpu-0 (H100, 80 GB, GPU-0000)",
    ],
    [
      "instances for a group",
      { gpus: ["1"], gpusPerTrial: 2 },
      { gpus: divided },
      "invalid-argument",
      "gpusPerTrial 2 cannot be made of MIG instances: CUDA gives a process one instance only",
    ],
    [
      "a list that is held",
      { gpus: ["0", "1"] },
      { gpus: two, held: [uuid(1)] },
      "gpu-held",
      `gpu-1 held by ${HOLDER}. Wait for it, or name others of: ${THERE}`,
    ],
    [
      "all held",
      {},
      { gpus: two, held: [uuid(0), uuid(1)] },
      "gpu-held",
      `every GPU is in use: gpu-0, gpu-1 held by ${HOLDER}. Wait for one, or run on CPU slots with --gpus none ("gpus": "none")`,
    ],
    [
      "too many held for a group",
      { gpusPerTrial: 2 },
      { gpus: two, held: [uuid(0)] },
      "gpu-held",
      `every GPU is in use: gpu-0 held by ${HOLDER}, which leaves 1 for a trial that takes 2. Wait for one, or run on CPU slots with --gpus none ("gpus": "none")`,
    ],
  ])("%s", (_, wish, machine, code, message) => {
    const error = (() => {
      try {
        return choose(wish, machine);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(HpoError);
    expect(error).toMatchObject({ code, message });
  });
});

test("whatever the machine and the wish, slots are disjoint, whole, free and allowed", () => {
  const machine = fc.record({
    count: fc.integer({ min: 1, max: 6 }),
    busy: fc.subarray([0, 1, 2, 3, 4, 5]),
    held: fc.subarray([0, 1, 2, 3, 4, 5]),
    mig: fc.subarray([0, 1, 2, 3, 4, 5]),
    visible: fc.option(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 9])),
    needed: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 8 })),
    trialsPerGpu: fc.integer({ min: 1, max: 3 }),
    gpusPerTrial: fc.integer({ min: 1, max: 3 }),
    listed: fc.option(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 1 })),
  });
  let chosen = 0;
  fc.assert(
    fc.property(machine, ({ count, visible, needed, trialsPerGpu, gpusPerTrial, listed, ...of }) => {
      fc.pre(trialsPerGpu === 1 || gpusPerTrial === 1);
      const gpus = Array.from({ length: count }, (_, index) => {
        const processes = of.busy.includes(index) ? [python] : [];
        return of.mig.includes(index) ? [mig(index, 0), mig(index, 1)] : [gpu(index, { processes })];
      }).flat();
      const held = gpus.filter(({ index }) => of.held.includes(index)).map(({ uuid: each }) => each);
      const env = visible === null ? {} : { CUDA_VISIBLE_DEVICES: visible.join(",") };
      const wish = { gpus: listed?.map(String) ?? ("auto" as const), trialsPerGpu, gpusPerTrial };
      let choice: GpuChoice;
      try {
        choice = choose(wish, { gpus, env, held, needed });
      } catch (error) {
        expect(error).toBeInstanceOf(HpoError);
        return;
      }
      chosen++;
      const used = choice.slots.map(({ device }) =>
        device.kind === "gpu" ? device.gpus.map((each) => each.uuid) : [],
      );
      expect(new Set(choice.slots.map(({ name }) => name)).size).toBe(choice.slots.length);
      expect(choice.slots.length).toBeLessThanOrEqual(needed);
      for (const slot of used) expect(slot).toHaveLength(gpusPerTrial);
      const times = new Map<string, number>();
      for (const each of used.flat()) times.set(each, (times.get(each) ?? 0) + 1);
      for (const [each, often] of times) {
        expect(often).toBeLessThanOrEqual(trialsPerGpu);
        expect(held).not.toContain(each);
        const { index } = gpus.find((other) => other.uuid === each) as Gpu;
        if (listed !== null) expect(listed).toContain(index);
        else if (visible !== null) expect(visible).toContain(index);
      }
      expect(new Set(used.flat())).toEqual(new Set(choice.gpus.map(({ uuid: each }) => each)));
    }),
  );
  expect(chosen).toBeGreaterThan(20);
});

describe("what the environment leaves", () => {
  const amd = [0, 1, 2].map((index) => gpu(index, { vendor: "amd", uuid: `GPU-${index}0` }));
  test.each<[string, readonly Gpu[], NodeJS.ProcessEnv, readonly string[] | undefined]>([
    ["nothing is said", two, { ROCR_VISIBLE_DEVICES: "0" }, undefined],
    ["indices, in their order", two, { CUDA_VISIBLE_DEVICES: " 1, 0" }, ["gpu-1", "gpu-0"]],
    ["what follows a mistake is hidden", two, { CUDA_VISIBLE_DEVICES: "1,7,0" }, ["gpu-1"]],
    ["minus one hides all", two, { CUDA_VISIBLE_DEVICES: "-1" }, []],
    ["words hide all", two, { CUDA_VISIBLE_DEVICES: "NoDevFiles" }, []],
    ["a UUID", two, { CUDA_VISIBLE_DEVICES: uuid(1) }, ["gpu-1"]],
    ["the beginning of a UUID", two, { CUDA_VISIBLE_DEVICES: "GPU-1111" }, ["gpu-1"]],
    ["an instance", divided, { CUDA_VISIBLE_DEVICES: "MIG-11-abcd" }, ["gpu-1-mig-1"]],
    ["AMD's lower layer", amd, { ROCR_VISIBLE_DEVICES: "2,GPU-00" }, ["gpu-2", "gpu-0"]],
    ["AMD's upper layer", amd, { HIP_VISIBLE_DEVICES: "1", CUDA_VISIBLE_DEVICES: "0" }, ["gpu-1"]],
    ["the second counts within the first", amd, { ROCR_VISIBLE_DEVICES: "2,1", HIP_VISIBLE_DEVICES: "0" }, ["gpu-2"]],
    ["an alias of the second", amd, { ROCR_VISIBLE_DEVICES: "1,2", CUDA_VISIBLE_DEVICES: "1" }, ["gpu-2"]],
  ])("%s", (_, gpus, env, slots) => {
    expect(restrictionOf(gpus, env)?.gpus.map(({ slot }) => slot)).toEqual(slots);
  });
});

describe("pins", () => {
  const environmentOf = (gpus: readonly Gpu[], wish: Partial<GpuWish> = {}): object =>
    Object.assign({}, ...choose(wish, { gpus }).slots.map(({ environment }) => environment)) as object;

  test("NVIDIA's, by UUID", () => {
    expect(environmentOf(two, { gpusPerTrial: 2 })).toEqual({
      CUDA_VISIBLE_DEVICES: `${uuid(0)},${uuid(1)}`,
      CUDA_DEVICE_ORDER: "PCI_BUS_ID",
      HPO_SLOT: "gpu-0+1",
      HPO_GPUS: `${uuid(0)},${uuid(1)}`,
    });
  });

  test("AMD's at the lower layer alone", () => {
    expect(environmentOf([gpu(1, { vendor: "amd", uuid: "GPU-00" })])).toEqual({
      ROCR_VISIBLE_DEVICES: "GPU-00",
      HIP_VISIBLE_DEVICES: null,
      CUDA_VISIBLE_DEVICES: null,
      GPU_DEVICE_ORDINAL: null,
      HPO_SLOT: "gpu-1",
      HPO_GPUS: "GPU-00",
    });
  });
});
