import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { machineWith, newUuid, toolOnly } from "../support/scripted-gpus.ts";
import { TestFolder } from "./cli.ts";

/** What `hpo devices` tells of machines whose GPUs a scripted `nvidia-smi` tells. */

let place: TestFolder;

beforeEach(() => {
  place = new TestFolder();
});

afterEach(() => place.remove());

test("lists GPUs, instances, who uses them, and the cores", async () => {
  const uuids = [newUuid(), newUuid()] as const;
  const instance = newUuid("MIG");
  const env = machineWith(join(place.folder, "machine"), [
    { uuid: uuids[0], processes: [{ pid: 991, name: "/usr/bin/python", memory: 3277 }] },
    { uuid: uuids[1], instances: [{ profile: "1g.10gb", uuid: instance }] },
  ]);
  const { code, stdout } = await place.run(["devices"], { ...env, CUDA_VISIBLE_DEVICES: "0" });
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toBe(
    `gpu-0        NVIDIA H100, PCIe              512 MB of 80 GB  ${uuids[0].slice(0, 12)}  process 991 (python), which uses 3.2 GB`,
  );
  expect(lines[1]).toBe(`gpu-1-mig-0  NVIDIA H100, PCIe MIG 1g.10gb  10 GB            ${instance.slice(0, 12)}  free`);
  expect(lines[2]).toBe('"auto" uses gpu-0, since CUDA_VISIBLE_DEVICES=0');
  expect(lines[3]).toMatch(/^\d+ CPU cores? for this process; /);
  expect(lines).toHaveLength(4);
});

test.each<[string, (folder: string) => NodeJS.ProcessEnv, RegExp]>([
  ["no tool", () => ({ PATH: "/nowhere" }), /^no GPU: nvidia-smi is not in PATH; rocm-smi is not in PATH$/m],
  [
    "a tool that fails",
    (folder) => files(folder, { fails: "no driver" }),
    /^no GPU: nvidia-smi left with code 9: no driver/m,
  ],
  [
    "a tool that hangs",
    (folder) => files(folder, { hang: "" }),
    /^no GPU: nvidia-smi did not answer within 10 seconds/m,
  ],
  [
    "garbage",
    (folder) => files(folder, { gpus: "\u001B[2Jx", apps: "" }),
    /^no GPU: nvidia-smi printed what is not understood: "\\u001b\[2Jx"/m,
  ],
])("says of %s that there is no GPU, and why", async (_, machineIn, line) => {
  const { code, stdout } = await place.run(["devices"], machineIn(place.folder));
  expect(code).toBe(0);
  expect(stdout).toMatch(/^cpu-0 {2}free$/m);
  expect(stdout).toMatch(line);
});

test("prints JSON alone on stdout", async () => {
  const { stdout, stderr } = await place.run(["devices", "--json"], { PATH: "/nowhere" });
  expect(JSON.parse(stdout)).toContainEqual({ slot: "cpu-0", kind: "cpu", free: true, reason: null });
  expect(stderr).toMatch(/^no GPU: nvidia-smi is not in PATH/);
  const uuid = newUuid();
  const one = machineWith(join(place.folder, "machine"), [{ uuid }]);
  const [first] = JSON.parse((await place.run(["devices", "--json"], one)).stdout) as readonly object[];
  const memory = 81559 * 2 ** 20;
  const gpu = {
    vendor: "nvidia",
    index: 0,
    uuid,
    name: "NVIDIA H100, PCIe",
    memory,
    used: 2 ** 29,
    mig: false,
  };
  expect(first).toEqual({ slot: "gpu-0", kind: "gpu", free: true, reason: null, ...gpu, processes: [] });
});

function files(folder: string, contents: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  for (const [name, content] of Object.entries(contents)) writeFileSync(join(folder, name), content);
  return toolOnly(folder);
}
