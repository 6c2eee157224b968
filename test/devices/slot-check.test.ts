import { describe, expect, test } from "vitest";
import type { Gpu } from "../../src/devices/gpu.ts";
import { isDeviceFault, type Look, quarantine, slotProblem } from "../../src/devices/slot-check.ts";

const GIGABYTE = 2 ** 30;
const gpu: Gpu = {
  vendor: "nvidia",
  slot: "gpu-0",
  index: 0,
  uuid: "GPU-1",
  name: "H100",
  memory: 80 * GIGABYTE,
  used: GIGABYTE,
  mig: false,
  processes: [{ pid: 7, name: "Xorg", memory: GIGABYTE }],
};
const of = (pid: number, memory: number | null = GIGABYTE) => ({ pid, name: "/usr/bin/python", memory });
const look = (now: Partial<Gpu>, rest: Partial<Look> = {}): Look => ({
  gpus: [{ ...gpu, ...now }],
  own: new Set([50]),
  host: 0,
  isKnown: () => true,
  ...rest,
});

describe("a slot's GPUs before a run", () => {
  test.each([
    ["are as they were", look({}), undefined],
    ["cannot be asked for", look({}, { gpus: [] }), undefined],
    ["are lost", look({ uuid: "GPU-2" }), "gpu-0 is not listed any more: its driver has lost it"],
    [
      "have a foreign process",
      look({ processes: [...gpu.processes, of(99)] }),
      "process 99 (python), which uses 1 GB, computes on gpu-0",
    ],
    ["have a process of another name space", look({ processes: [of(99)] }, { isKnown: () => false }), undefined],
    ["have a process of the study", look({ processes: [of(50)] }), undefined],
    [
      "lack memory",
      look({ used: 20 * GIGABYTE }),
      "19 GB of gpu-0's memory are in use that were free when the study took it",
    ],
    ["lack little memory", look({ used: 4 * GIGABYTE }), undefined],
    ["tell no memory", look({ used: null }), undefined],
    [
      "hold what the warm host has",
      look({ used: 21 * GIGABYTE, processes: [of(50, 20 * GIGABYTE)] }, { host: 50 }),
      undefined,
    ],
    [
      "hold more than the warm host has",
      look({ used: 31 * GIGABYTE, processes: [of(50, 20 * GIGABYTE)] }, { host: 50 }),
      "10 GB of gpu-0's memory are in use that were free when the study took it",
    ],
    ["do not tell of the warm host", look({ used: 31 * GIGABYTE, processes: [] }, { host: 50 }), undefined],
  ])("%s", (_, now, problem) => expect(slotProblem([gpu], now)).toBe(problem));
});

test.each([
  ["RuntimeError: CUDA error: uncorrectable ECC error encountered", true],
  ["CUDA error: all CUDA-capable device(s) is/are busy or unavailable", true],
  ["Unable to determine the device handle for GPU 0000:01:00.0: GPU is lost", true],
  ["CUDA out of memory. Tried to allocate 20.00 GiB", false],
  ["CUDA error: device-side assert triggered", false],
  ["ValueError: bad shape", false],
])("%s is a fault of the device: %s", (text, fault) => expect(isDeviceFault(text)).toBe(fault));

test("a slot rests twice as long after each fault beyond the first, at most an hour", () => {
  expect([0, 1, 2, 3, 4, 20].map(quarantine)).toEqual([0, 0, 30_000, 60_000, 120_000, 3_600_000]);
});
