import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { EventOf, Recorded } from "../../src/history/events.ts";
import { readJournal } from "../../src/journal/read-journal.ts";
import { spec, TestFolder } from "./cli.ts";

const place = new TestFolder();
afterAll(() => place.remove());

const typed = <T extends Recorded["type"]>(name: string, type: T): readonly EventOf<T>[] => {
  const all: EventOf<T>[] = [];
  readJournal(join(place.folder, "studies", name, "journal.jsonl"), (event) => {
    if (event.type === type) all.push(event as EventOf<T>);
  });
  return all;
};

const states = async (name: string): Promise<Readonly<Record<string, number>>> => {
  const { trials } = await place.json<{ trials: readonly { state: string }[] }>("study", "show", name);
  const counts: Record<string, number> = {};
  for (const { state } of trials) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
};

const shell = (name: string, script: string, changes: object = {}): object => {
  place.write(`${name}.sh`, script);
  return spec({ name, objective: { command: ["sh", `${name}.sh`, "{lr}"] }, strategy: "random", ...changes });
};

describe("a machine that breaks in the middle of a study", () => {
  it("pauses it with the diagnosis; what failed of it is tried again after a resume, and not counted", async () => {
    const script = `
      if [ $HPO_TRIAL = 3 ] && [ ! -e mended ]; then touch broken; fi
      if [ -e broken ]; then echo "device $HPO_TRIAL is gone" >&2; exit 1; fi
      echo "{\\"loss\\": $1}"`;
    place.write("space.json", shell("breaks", script, { stop: { trials: 15 } }));
    const { code, stdout } = await place.run(["study", "start", "space.json"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^breaks failed: the last 9 trials failed alike: left with code 1: device 3 is gone$/m);
    expect(await states("breaks")).toEqual({ complete: 3, failed: 9 });

    place.write("mended", "");
    rmSync(join(place.folder, "broken"));
    const resumed = await place.run(["study", "resume", "breaks"]);
    expect(resumed).toMatchObject({ code: 0 });
    expect(await states("breaks")).toEqual({ complete: 15, failed: 9 });
    const created = typed("breaks", "trial-created").map(({ params }) => JSON.stringify(params));
    expect(created.slice(12, 21)).toEqual(created.slice(3, 12));
    expect(await place.run(["study", "verify", "breaks"])).toMatchObject({ code: 0 });
  });

  it("leaves open what runs beside the wave", async () => {
    const script = `
      if [ $HPO_TRIAL = 0 ] && [ ! -e mended ]; then exec sleep 1000; fi
      if [ ! -e mended ]; then echo "no data" >&2; exit 1; fi
      echo "{\\"loss\\": $1}"`;
    place.write("space.json", shell("beside", script, { stop: { trials: 5 }, workers: { cpus: 2 } }));
    rmSync(join(place.folder, "mended"), { force: true });
    expect(await place.run(["study", "start", "space.json"])).toMatchObject({ code: 1 });
    place.write("mended", "");
    expect(await place.run(["study", "resume", "beside"])).toMatchObject({ code: 0 });
    expect(await states("beside")).toEqual({ complete: 5, failed: 3 });
    expect(await place.run(["study", "verify", "beside"])).toMatchObject({ code: 0 });
  });
});

describe("a full disk", () => {
  it.each([
    ["module", true],
    ["module", false],
    ["command", false],
  ])("is waited out, and charged to no trial (%s, reproducible: %s)", async (kind, reproducible) => {
    const name = `full-${kind}-${reproducible}`;
    place.write(
      `${name}.mjs`,
      `export default (params, trial) => {
        if (trial.number === 1 && trial.attempt === 1)
          throw new Error("cannot save", { cause: new Error("ENOSPC: no space left on device, write") });
        return params.lr;
      };`,
    );
    const script = `
      if [ $HPO_TRIAL = 1 ] && [ $HPO_ATTEMPT = 1 ]; then echo "cp: error writing: No space left on device" >&2; exit 1; fi
      echo "{\\"loss\\": $1}"`;
    const changes = { reproducible, workers: { cpus: 2 } };
    const written = {
      ...shell(name, script, changes),
      ...(kind === "module" ? { objective: { module: `./${name}.mjs` } } : {}),
    };
    place.write("space.json", written);
    const { code, stdout } = await place.run(["study", "start", "space.json"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^trial 1 interrupted, starts again: .*; nothing starts until there is room$/m);
    expect(stdout).toMatch(/^there is room again in /m);
    expect(await states(name)).toEqual({ complete: 4 });
    expect(typed(name, "run-ended").filter(({ outcome }) => outcome.kind === "failed")).toEqual([]);
    expect(await place.run(["study", "verify", name])).toMatchObject({ code: 0 });
  });
});

const ENDS: readonly (readonly [string, string, string])[] = [
  ["exit", 'echo "ValueError: bad shape" >&2; exit 3', "left with code 3: ValueError: bad shape"],
  ["host-memory", 'echo "Traceback" >&2; echo "MemoryError: Unable to allocate 3 GiB" >&2; exit 1', "MemoryError"],
  [
    "host-memory",
    "echo \"terminate called after throwing an instance of 'std::bad_alloc'\" >&2; kill -ABRT $$",
    "SIGABRT",
  ],
  [
    "device-memory",
    'echo "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20 MiB" >&2; exit 1',
    "CUDA out of memory",
  ],
  [
    "device-memory",
    'echo "jaxlib.XlaRuntimeError: RESOURCE_EXHAUSTED: Out of memory" >&2; exit 1',
    "RESOURCE_EXHAUSTED",
  ],
  ["device-lost", 'echo "Unable to determine the device handle: GPU is lost" >&2; exit 1', "GPU is lost"],
  ["preempted", "kill -TERM $$; sleep 1000", "was ended by SIGTERM, which the study did not send"],
  ["signal", "kill -SEGV $$", "was ended by SIGSEGV"],
  [
    "exit",
    'echo "warning: No space left on device for the cache" >&2; for i in 1 2 3 4 5 6 7 8 9; do echo x >&2; done; exit 2',
    "code 2",
  ],
];

describe("how runs end", () => {
  it("has a class, which trial show and every export tell", async () => {
    for (const [i, [, script]] of ENDS.entries()) place.write(`ends/${i}.sh`, script);
    place.write(
      "space.json",
      spec({
        name: "ends",
        objective: { command: ["sh", "ends/{i}.sh"] },
        parameters: { i: { type: "int", low: 0, high: ENDS.length } },
        enqueue: ENDS.map((_, i) => ({ i })),
        strategy: "random",
        stop: { trials: ENDS.length },
      }),
    );
    await place.run(["study", "start", "space.json"]);
    const { trials } = await place.json<{ trials: readonly object[] }>("study", "show", "ends");
    for (const [i, [kind, , message]] of ENDS.entries())
      expect(trials[i]).toMatchObject({ state: "failed", cause: { kind, message: expect.stringContaining(message) } });
    // What is no fault of the trial is tried again, up to three times.
    const attempts = trials.map((trial) => (trial as { runs: readonly unknown[] }).runs.length);
    expect(attempts).toEqual(ENDS.map(([kind]) => (kind === "preempted" || kind === "device-lost" ? 4 : 1)));
    expect((await place.run(["trial", "show", "ends", "3"])).stdout).toContain("why it failed (device-memory): ");
    expect(await place.run(["study", "verify", "ends"])).toMatchObject({ code: 0 });
  });
});
