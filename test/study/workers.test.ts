import { describe, expect, test } from "vitest";
import type { WorkerSettings } from "../../src/history/settings.ts";
import { createStudy } from "../../src/index.ts";
import type { WorkersSpec } from "../../src/space/spec.ts";
import { resolveSpec } from "../../src/study/resolve.ts";
import { resolveNewWorkers, resolveWorkers } from "../../src/study/resolve-workers.ts";

const wish = (changes: Partial<WorkerSettings> = {}): WorkerSettings => ({
  gpus: "auto",
  trialsPerGpu: 1,
  gpusPerTrial: 1,
  cpus: 1,
  ...changes,
});

const spec = {
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
} as const;

describe("what a spec wishes for", () => {
  test.each<[string, WorkersSpec | undefined, Partial<WorkerSettings>]>([
    ["GPUs where there are any", undefined, {}],
    ["CPU slots where only they are named", { cpus: 3 }, { gpus: "none", cpus: 3 }],
    ["GPUs, and so many CPU slots where there are none", { gpus: "auto", cpus: 3 }, { cpus: 3 }],
    ["GPUs where something is said of them", { trialsPerGpu: 2, cpus: 3 }, { trialsPerGpu: 2, cpus: 3 }],
    ["GPUs and nothing else", { cpus: 0 }, { cpus: 0 }],
    ["GPUs in words", { gpus: [1, "GPU-12"] }, { gpus: ["1", "GPU-12"] }],
    ["no GPU by an empty list", { gpus: [], cpus: 2 }, { gpus: "none", cpus: 2 }],
  ])("%s", (_, workers, expected) => {
    expect(resolveWorkers(workers)).toEqual(wish(expected));
  });

  test.each<[string, WorkersSpec, Partial<WorkerSettings>]>([
    ["nothing new", {}, { gpus: ["0", "1"], trialsPerGpu: 2 }],
    ["other GPUs", { gpus: ["2"] }, { gpus: ["2"], trialsPerGpu: 2 }],
    ["CPU slots", { cpus: 4 }, { gpus: "none", trialsPerGpu: 2, cpus: 4 }],
    ["both", { gpus: "auto", cpus: 4 }, { trialsPerGpu: 2, cpus: 4 }],
    ["another share", { trialsPerGpu: 1, gpusPerTrial: 2 }, { gpus: ["0", "1"], gpusPerTrial: 2 }],
  ])("a resume with %s", (_, change, expected) => {
    const context = { subject: "", specFolder: ".", studyFolder: null, objective: "none" } as const;
    const settings = resolveSpec({ ...spec, workers: { gpus: [0, 1], trialsPerGpu: 2 } }, context);
    expect(resolveNewWorkers(settings, change)).toEqual(wish(expected));
    expect(() => resolveNewWorkers(settings, { gpusPerTrial: 2 })).toThrow(
      "workers.gpusPerTrial: expected 1, since trialsPerGpu is 2, received 2",
    );
  });
});

describe("a function", () => {
  const options = { ...spec, directory: null, objective: () => 1, stop: { trials: 1 } };

  test("runs on CPU slots, whatever GPUs there are", async () => {
    const study = await createStudy({ ...options, workers: { gpus: "auto" } });
    expect(study.slots).toEqual([{ kind: "cpu", slot: "cpu-0" }]);
    expect(study.notes).toEqual([]);
    const devices: unknown[] = [];
    await study.run();
    await study.close();
    const second = await createStudy({
      ...options,
      objective: (_, trial) => {
        devices.push(trial.device);
        return 1;
      },
    });
    await second.run();
    await second.close();
    expect(devices).toEqual([{ kind: "cpu", slot: "cpu-0" }]);
  });

  test("needs a CPU slot", async () => {
    await expect(createStudy({ ...options, workers: { gpus: "auto", cpus: 0 } })).rejects.toThrow(
      'expected a slot to run on, but a function runs on CPU slots, and "cpus" is 0',
    );
  });

  test("cannot be bound to GPUs", async () => {
    await expect(createStudy({ ...options, workers: { gpus: [0, 1] } })).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringMatching(
        /^expected no GPUs for a function, received 0, 1: it runs in this process/,
      ) as string,
    });
  });
});
