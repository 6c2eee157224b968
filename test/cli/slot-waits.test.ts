import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { machineWith, newUuid } from "../support/scripted-gpus.ts";
import { spec, TestFolder } from "./cli.ts";

/** A study on a GPU that another process takes, or that fails, between two of its runs. */

let place: TestFolder;
let uuid: string;
let env: NodeJS.ProcessEnv;
const machine = (): string => join(place.folder, "machine");

beforeEach(() => {
  place = new TestFolder();
  uuid = newUuid();
  env = machineWith(machine(), [{ uuid }]);
});
afterEach(() => place.remove());

const study = (script: string): void => {
  place.write("train.sh", script);
  place.write(
    "space.json",
    spec({
      objective: { command: ["sh", "train.sh"] },
      strategy: "random",
      stop: { trials: 3 },
      workers: { gpus: [uuid] },
    }),
  );
};

test("a GPU on which another process computes waits, with the reason, until that is over", async () => {
  study(`[ $HPO_TRIAL = 0 ] && echo "${uuid}, ${process.pid}, 1024, /usr/bin/python" >$HPO_TEST_GPUS/apps
echo '{"loss": 1}'`);
  const cli = place.start(["study", "start", "space.json"], env);
  await cli.saw(
    new RegExp(`^gpu-0 waits: process ${process.pid} \\(python\\), which uses 1 GB, computes on gpu-0$`, "m"),
  );
  const shown = await place.json<{ slotsWaiting: { slot: string }[] }>("study", "show", "toy");
  expect(shown.slotsWaiting).toMatchObject([{ slot: "gpu-0" }]);
  expect((await place.run(["study", "show", "toy"])).stdout).toMatch(/^ {2}waits {5}gpu-0: process \d+ \(python\)/m);
  writeFileSync(join(machine(), "apps"), "");
  const { code, stdout } = await cli.ended;
  expect(stdout).toMatch(/^gpu-0 takes runs again$/m);
  expect(code).toBe(0);
  expect((await place.run(["study", "verify", "toy"])).code).toBe(0);
});

test("a GPU whose memory does not come back waits; Ctrl-C ends the study", async () => {
  study(`sed -i 's/, 512, /, 40000, /' $HPO_TEST_GPUS/gpus; echo '{"loss": 1}'`);
  const cli = place.start(["study", "start", "space.json"], env);
  await cli.saw(/^gpu-0 waits: 39 GB of gpu-0's memory are in use that were free when the study took it$/m);
  cli.child.kill("SIGINT");
  expect((await cli.ended).code).toBe(130);
});

test("a study whose trials are done ends, though its GPU is not as it was", async () => {
  study(`[ $HPO_TRIAL = 2 ] && : >$HPO_TEST_GPUS/gpus && echo "1, ${newUuid()}, 81559, 512, Disabled, H100" >$HPO_TEST_GPUS/gpus
echo '{"loss": 1}'`);
  expect((await place.run(["study", "start", "space.json"], env)).code).toBe(0);
});

test("a GPU that fails two runs in a row rests before it is tried again", async () => {
  study("echo 'RuntimeError: CUDA error: uncorrectable ECC error encountered' >&2; exit 1");
  const cli = place.start(["study", "start", "space.json"], env);
  await cli.saw(/^gpu-0 waits: 2 runs in a row failed by a fault of its GPU; it rests before it is tried again$/m);
  cli.child.kill("SIGINT");
  expect((await cli.ended).code).toBe(130);
});
