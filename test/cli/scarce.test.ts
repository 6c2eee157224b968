import { chmodSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findMarked } from "../../src/workers/orphans.ts";
import { eventually } from "../support/eventually.ts";
import { spec, TestFolder } from "./cli.ts";

/** Studies on machines that have too little for all of their slots. */

let place: TestFolder;
let limits = 64;
beforeEach(() => {
  place = new TestFolder();
  place.write(
    "space.json",
    spec({
      objective: { command: ["echo", '{"loss": {lr}}'] },
      strategy: "random",
      stop: { trials: 20 },
      workers: { cpus: 10, gpus: "none" },
      trial: { grace: "1s" },
    }),
  );
});
afterEach(() => place.remove());

/** Runs its words with a limit of the operating system. */
const limited = (limit: string, value: number, before = ""): readonly string[] => [
  `import os, resource, sys\n${before}\nresource.setrlimit(resource.${limit}, (${value}, ${value}))\nos.execv(sys.argv[1], sys.argv[1:])`,
];

/** Limits of processes hold for no superuser. */
const AS_NOBODY = "os.setgroups([]); os.setgid(65534); os.setuid(65534)";

test("slots that get no open files wait, and the others do the study", async () => {
  // How many the process itself needs differs: the first limit with which some slots start and some do not.
  const found = await eventually("some of the slots wait", async () => {
    const limit = (limits += 8);
    rmSync(join(place.folder, "studies"), { recursive: true, force: true });
    const result = await place.run(["study", "start", "space.json"], {}, limited("RLIMIT_NOFILE", limit));
    return /^cpu-\d waits: /m.test(result.stdout) && result;
  });
  expect(found.stdout).toMatch(/^cpu-\d waits: (cannot start a launcher|its thread cannot be started): .*EMFILE/m);
  expect(found.code).toBe(0);
  const shown = await place.json<{ trials: { state: string }[] }>("study", "show", "toy");
  expect(shown.trials.map(({ state }) => state)).toEqual(Array.from({ length: 20 }, () => "complete"));
  expect((await place.run(["study", "verify", "toy"])).code).toBe(0);
});

test.skipIf(process.getuid?.() !== 0)(
  "a study of which no slot can be started ends in words, and can be resumed",
  async () => {
    chmodSync(place.folder, 0o777);
    const { code, stderr } = await place.run(
      ["study", "start", "space.json", "--quiet"],
      {},
      limited("RLIMIT_NPROC", 20, AS_NOBODY),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^hpo: no slot can be started, .* EAGAIN.*resume the study$/m);
    expect(stderr).not.toContain("bug");
    const { code: resumed } = await place.run(["study", "resume", "toy"]);
    expect(resumed).toBe(0);
  },
  // Node hangs at its start where it gets no threads, and each time is waited for.
  240_000,
);

test.skipIf(process.getuid?.() !== 0)("Ctrl-C ends a study that waits for all of its slots", async () => {
  chmodSync(place.folder, 0o777);
  const cli = place.start(["study", "start", "space.json"], {}, limited("RLIMIT_NPROC", 20, AS_NOBODY));
  await cli.saw(/waits: /);
  cli.child.kill("SIGINT");
  const { code } = await cli.ended;
  expect(code).toBe(130);
  await eventually("nothing is left", () => findMarked(`${place.folder}/studies/toy`).length === 0);
});

test("where addresses are few, the model computes without WebAssembly, says so once, and can be verified", async () => {
  place.write(
    "space.json",
    spec({
      objective: { command: ["echo", '{"loss": {lr}}'] },
      strategy: "bayesian",
      stop: { trials: 8 },
      workers: { cpus: 1 },
    }),
  );
  const { code, stdout } = await place.run(["study", "start", "space.json"], {}, limited("RLIMIT_AS", 8e9));
  expect(code).toBe(0);
  expect(stdout.match(/the model computes without WebAssembly/g)).toHaveLength(1);
  expect((await place.json<{ substitutes: number }>("study", "show", "toy")).substitutes).toBeGreaterThan(1);
  expect((await place.run(["study", "verify", "toy"])).code).toBe(0);
});
