import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findGpus } from "../../src/devices/find-gpus.ts";
import { isAlive } from "../../src/workers/process-table.ts";
import { eventually } from "../support/eventually.ts";
import { machineWith, newUuid, toolOnly } from "../support/scripted-gpus.ts";

/** What is found on machines that scripted tools describe. */

const GB = 2 ** 30;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hpo-gpus-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

test("two GPUs, a process on one, names with commas in them", async () => {
  const uuids = [newUuid(), newUuid()] as const;
  const processes = [{ pid: 991, name: "/usr/bin/python, -u", memory: 3072 }];
  machineWith(folder, [{ uuid: uuids[0] }, { uuid: uuids[1], processes }]);
  const { gpus, problems, restriction } = await findGpus(toolOnly(folder));
  const shared = { vendor: "nvidia", name: "NVIDIA H100, PCIe", memory: 81559 * 2 ** 20, used: GB / 2, mig: false };
  expect(gpus).toEqual([
    { ...shared, slot: "gpu-0", index: 0, uuid: uuids[0], processes: [] },
    {
      ...shared,
      slot: "gpu-1",
      index: 1,
      uuid: uuids[1],
      processes: [{ pid: 991, name: "/usr/bin/python, -u", memory: 3 * GB }],
    },
  ]);
  expect([problems, restriction]).toEqual([[], undefined]);
  // Nothing is asked that is not needed.
  expect(readFileSync(join(folder, "asked"), "utf8").trim().split("\n")).toHaveLength(2);
});

test("a GPU in MIG mode gives its instances, and is none itself", async () => {
  const [whole, divided, empty, a, b] = [newUuid(), newUuid(), newUuid(), newUuid("MIG"), newUuid("MIG")];
  machineWith(folder, [
    { uuid: whole },
    {
      uuid: divided,
      instances: [
        { profile: "3g.40gb", uuid: a },
        { profile: "1c.1g.10gb", uuid: b },
      ],
      processes: [{ pid: 7, name: "python", memory: 1 }],
    },
    { uuid: empty, instances: [] },
  ]);
  const { gpus, problems } = await findGpus(toolOnly(folder));
  expect(gpus).toMatchObject([
    { slot: "gpu-0", uuid: whole, mig: false },
    { slot: "gpu-1-mig-0", index: 1, uuid: a, name: "NVIDIA H100, PCIe MIG 3g.40gb", memory: 40 * GB, mig: true },
    { slot: "gpu-1-mig-1", index: 1, uuid: b, memory: 10 * GB, used: null, processes: [{ pid: 7 }] },
  ]);
  expect(problems).toEqual(["gpu-2 is in MIG mode and has no instance"]);
});

test("a driver from before MIG, and memory that is not told", async () => {
  const uuid = newUuid();
  write("old", `0, ${uuid}, [N/A], [Not Supported], Tesla K80\n`);
  write("apps", `${uuid}, 12, [N/A], python\n`);
  expect(await findGpus(toolOnly(folder))).toMatchObject({
    gpus: [{ uuid, name: "Tesla K80", memory: null, used: null, mig: false, processes: [{ pid: 12, memory: null }] }],
    problems: [],
  });
});

test("processes that may not be seen are said to be unknown", async () => {
  machineWith(folder, [{ uuid: newUuid() }]);
  write("secret", "");
  const { gpus, problems } = await findGpus(toolOnly(folder));
  expect(gpus).toHaveLength(1);
  expect(problems).toEqual([
    "who computes on the GPUs is not known: nvidia-smi left with code 4: Insufficient Permissions",
  ]);
});

test.each([
  ["no device", { gpus: "No devices were found\n", apps: "" }, "nvidia-smi lists no GPU"],
  ["nothing at all", { gpus: "", apps: "" }, "nvidia-smi lists no GPU"],
  [
    "a failure",
    { fails: "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n" },
    "nvidia-smi left with code 9: NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
  ],
  ["garbage", { gpus: "\u0000<html>\n", apps: "" }, 'nvidia-smi printed what is not understood: "\\u0000<html>"'],
  ["half a line", { gpus: "0, GPU-1, 8\n", apps: "" }, 'nvidia-smi printed what is not understood: "0, GPU-1, 8"'],
  [
    "garbage for processes",
    { gpus: "0, GPU-1, 8, 8, [N/A], x\n", apps: "a, b\n" },
    'nvidia-smi printed what is not understood: "a, b"',
  ],
])("%s is no GPU, and the reason is told", async (_, files, problem) => {
  for (const [name, text] of Object.entries(files)) write(name, text);
  expect(await findGpus(toolOnly(folder))).toEqual({
    gpus: [],
    problems: [problem, "rocm-smi is not in PATH"],
    restriction: undefined,
  });
});

test("a tool that hangs is given up, and killed with what it started", async () => {
  write("hang", "");
  const { gpus, problems } = await findGpus(toolOnly(folder), 300);
  expect(gpus).toEqual([]);
  expect(problems[0]).toBe("nvidia-smi did not answer within 0.3 seconds");
  const pids = readFileSync(join(folder, "hanging"), "utf8").trim().split(/\s+/).map(Number);
  expect(pids.length).toBeGreaterThan(0);
  await eventually("they are dead", () => !pids.some((pid) => isAlive(pid)));
});

test("no tool, and one that cannot be started", async () => {
  expect((await findGpus({ PATH: "/nowhere" })).problems).toEqual([
    "nvidia-smi is not in PATH",
    "rocm-smi is not in PATH",
  ]);
  expect((await findGpus({})).problems).toHaveLength(2);
  writeFileSync(join(folder, "nvidia-smi"), "#!/nowhere/sh\n", { mode: 0o755 });
  expect((await findGpus({ PATH: folder })).problems[0]).toMatch(/^nvidia-smi cannot be started: /);
});

test("AMD's cards, by their unique id where they have one", async () => {
  write(
    "cards",
    JSON.stringify({
      card0: { "Unique ID": "N/A", "Device Name": "Phoenix3" },
      card1: {
        "Unique ID": "0x92C190172FD5D40",
        "Card Series": "AMD Instinct MI250X",
        "VRAM Total Memory (B)": "68702699520",
        "VRAM Total Used Memory (B)": "11046912",
      },
      system: { "Driver version": "6.8" },
    }),
  );
  expect((await findGpus(toolOnly(folder, "amd"))).gpus).toMatchObject([
    { vendor: "amd", slot: "gpu-0", uuid: "0", name: "Phoenix3", memory: null },
    { slot: "gpu-1", uuid: "GPU-092c190172fd5d40", name: "AMD Instinct MI250X", memory: 68702699520, used: 11046912 },
  ]);
  write("cards", "WARNING: AMD GPU device(s) is/are in a low-power state");
  expect((await findGpus(toolOnly(folder, "amd"))).problems[1]).toMatch(/^rocm-smi printed what is not understood/);
});
