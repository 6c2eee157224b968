import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { EventOf, Recorded } from "../../src/history/events.ts";
import { readJournal } from "../../src/journal/read-journal.ts";
import { spec, TestFolder } from "./cli.ts";

const place = new TestFolder();
afterAll(() => place.remove());

/** Saves and reports each step, and then what `then` says. */
const module = (then: string): string => `
import { existsSync, rmSync, truncateSync, writeFileSync } from "node:fs";
export default async function train(params, trial) {
  for (let step = trial.startStep; step <= trial.budget; step++) {
    await trial.checkpoint.save(step, (folder) => {
      writeFileSync(folder + "/weights", "weights of step " + step);
      writeFileSync(folder + "/state", "state");
    });
    await trial.report({ step, loss: params.lr + 1 / step });
    ${then}
  }
}
`;

/** The same, by a shell. It waits after step 3 of its first attempt. */
const SHELL = `
step=$HPO_START_STEP
while [ $step -le $HPO_BUDGET ]; do
  mkdir -p $HPO_CHECKPOINT/$step; echo weights > $HPO_CHECKPOINT/$step/weights; echo state > $HPO_CHECKPOINT/$step/state
  echo "{\\"checkpoint\\": $step, \\"step\\": $step, \\"loss\\": 0.$step}"
  if [ $step = 3 ] && [ $HPO_ATTEMPT = 1 ]; then exec sleep 1000; fi
  step=$((step + 1))
done
`;

const events = (name: string): Recorded[] => {
  const all: Recorded[] = [];
  readJournal(join(place.folder, "studies", name, "journal.jsonl"), (event) => all.push(event));
  return all;
};

const typed = <T extends Recorded["type"]>(name: string, type: T): readonly EventOf<T>[] =>
  events(name).filter((event): event is EventOf<T> => event.type === type);

const budgeted = (name: string, changes: object = {}): object =>
  spec({ name, strategy: "random", budget: { max: 5 }, stop: { trials: 1 }, ...changes });

interface Damage {
  readonly what: string;
  readonly to: (study: string, checkpoint: string) => void;
  /** What the journal says of it; null where nothing is lost. */
  readonly said: RegExp | null;
}

const isRoot = process.getuid?.() === 0;
const DAMAGES: readonly Damage[] = [
  { what: "missing", to: (_, folder) => rmSync(folder, { recursive: true }), said: /3 is missing$/ },
  {
    what: "emptied",
    to: (_, folder) => empty(folder),
    said: /holds 0 files of 0 bytes, and held 2 files of \d+ bytes/,
  },
  { what: "without one of its files", to: (_, folder) => rmSync(join(folder, "state")), said: /holds 1 file of/ },
  { what: "cut short", to: (_, folder) => truncateSync(join(folder, "weights"), 1), said: /is damaged/ },
  { what: "a file", to: (_, folder) => replace(folder), said: /3 is no folder$/ },
  { what: "in a folder that is a file now", to: (_, folder) => replace(join(folder, "..")), said: /3 is no folder$/ },
  {
    what: "gone with all folders of trials",
    to: (study) => rmSync(join(study, "trials"), { recursive: true }),
    said: /3 is missing$/,
  },
  ...(isRoot
    ? []
    : [
        { what: "unreadable", to: (_: string, folder: string) => chmodSync(folder, 0), said: /cannot be read: EACCES/ },
      ]),
  {
    what: "beside a later one",
    to: (_, folder) => cpSync(folder, join(folder, "..", "9"), { recursive: true }),
    said: null,
  },
  { what: "with a file more", to: (_, folder) => writeFileSync(join(folder, "log"), "read"), said: null },
];

function empty(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
}

function replace(folder: string): void {
  rmSync(folder, { recursive: true });
  writeFileSync(folder, "");
}

/** Kills a study's coordinator after step 3 of its first trial, damages the checkpoint, and resumes it. */
async function resumeDamaged(name: string, objective: object, { to, said }: Damage): Promise<void> {
  place.write("space.json", budgeted(name, { objective }));
  const running = place.start(["study", "start", "space.json", "--json"]);
  await running.saw(/"type":"reported","run":0,"step":3/);
  await running.saw(/"type":"checkpoint-saved","run":0,"step":3/);
  running.child.kill("SIGKILL");
  await running.ended;
  const study = join(place.folder, "studies", name);
  // Its launcher ends the objective, and only then the folder is ours.
  to(study, join(study, "trials", "0", "checkpoint", "3"));

  const { code, stdout } = await place.run(["study", "resume", name]);
  expect(code).toBe(0);
  const lost = typed(name, "checkpoint-lost");
  const [, again] = typed(name, "run-started");
  if (said === null) {
    expect(lost).toEqual([]);
    expect(again).toMatchObject({ attempt: 2, startStep: 4 });
  } else {
    expect(lost).toMatchObject([{ trial: 0, step: 3, message: expect.stringMatching(said) as string }]);
    const words = "from step 1, since its checkpoint of step 3 is lost: ";
    expect(again).toMatchObject({ attempt: 2, startStep: 1, reason: expect.stringContaining(words) as string });
    expect(stdout).toContain("1 lost, so its trial started again at step 1");
    expect((await place.run(["trial", "show", name, "0"])).stdout).toContain("checkpoint of step 3 is lost");
  }
  expect(await place.json("study", "show", name)).toMatchObject({ trials: [{ state: "complete" }] });
  expect(readFileSync(join(study, "trials", "0", "checkpoint", "5", "state"), "utf8")).toMatch(/^state/);
  expect(await place.run(["study", "verify", name])).toMatchObject({ code: 0 });
}

describe("a run that was lost with its coordinator and whose checkpoint is", () => {
  place.write(
    "waits.mjs",
    module("if (step === 3 && trial.attempt === 1) await new Promise((_, reject) => setTimeout(reject, 1e6));"),
  );
  place.write("waits.sh", SHELL);

  it.each(DAMAGES)("$what, for a module", async (damage) => {
    await resumeDamaged(`module-${damage.what.replaceAll(" ", "-")}`, { module: "./waits.mjs" }, damage);
  });

  it.each(DAMAGES.slice(0, 2))("$what, for a command", async (damage) => {
    await resumeDamaged(`command-${damage.what.replaceAll(" ", "-")}`, { command: ["sh", "waits.sh", "{lr}"] }, damage);
  });
});

describe("a run whose checkpoint was damaged", () => {
  it("before a retry starts again at step 1", async () => {
    const damage = `if (step === 3 && trial.attempt === 1) {
      rmSync("studies/retry/trials/0/checkpoint/3/state");
      throw new Error("crashed");
    }`;
    place.write("crashes.mjs", module(damage));
    place.write("space.json", budgeted("retry", { objective: { module: "./crashes.mjs" }, trial: { retries: 1 } }));
    expect(await place.run(["study", "start", "space.json"])).toMatchObject({ code: 0 });
    expect(typed("retry", "run-started").map(({ startStep }) => startStep)).toEqual([1, 1]);
    expect(await place.run(["study", "verify", "retry"])).toMatchObject({ code: 0 });
  });

  it.each([false, true])("before a promotion starts again at step 1 (reproducible: %s)", async (reproducible) => {
    const name = `promotion-${reproducible}`;
    // The last trial of the first rung removes what the others saved.
    const damage = `if (trial.number === 8 && trial.budget === 1) {
      for (let other = 0; other < 8; other++) rmSync("studies/${name}/trials/" + other + "/checkpoint", { recursive: true });
    }`;
    place.write("removes.mjs", module(damage));
    place.write(
      "space.json",
      budgeted(name, {
        objective: { module: "./removes.mjs" },
        strategy: { sampler: "random", scheduler: "hyperband" },
        budget: { min: 1, max: 9, eta: 3 },
        stop: { trials: 9 },
        reproducible,
      }),
    );
    expect(await place.run(["study", "start", "space.json"])).toMatchObject({ code: 0 });
    const promoted = typed(name, "run-started").filter(({ budget }) => budget === 3);
    expect(promoted.length).toBeGreaterThan(1);
    const lost = typed(name, "checkpoint-lost").map(({ trial }) => trial);
    expect(lost.length).toBeGreaterThan(1);
    for (const { trial, startStep } of promoted) expect(startStep).toBe(lost.includes(trial) ? 1 : 2);
    expect(typed(name, "run-ended").every(({ outcome }) => outcome.kind === "completed")).toBe(true);
    expect(await place.run(["study", "verify", name])).toMatchObject({ code: 0 });
  });
});
