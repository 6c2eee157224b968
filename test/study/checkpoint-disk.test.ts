import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { createStudy, resumeStudy, type Recorded, type Study } from "hpo";
import { fold, type History } from "../../src/history/history.ts";
import { readJournal } from "../../src/journal/read-journal.ts";
import { verifyStudy } from "../../src/study/verify.ts";
import { endOrphans } from "../../src/workers/orphans.ts";

/** Real checkpoints of 100 kB and more on a real disk, saved by processes. */

const directory = mkdtempSync(join(tmpdir(), "hpo-disk-"));
afterAll(() => rmSync(directory, { recursive: true }));
const heavy = new URL("../fixtures/objectives/heavy.mjs", import.meta.url);
const coordinator = fileURLToPath(new URL("../fixtures/crash/coordinator.js", import.meta.url));
const killAtRemoval = new URL("../fixtures/crash/kill-at-removal.mjs", import.meta.url).href;

const spec = (name: string, disk: string) => ({
  name,
  directory,
  metric: { name: "loss", goal: "minimize" as const },
  parameters: { x: { type: "float" as const, low: 0.1, high: 1 } },
  strategy: "hyperband",
  budget: { min: 1, max: 9, unit: "steps" },
  workers: { cpus: 2 },
  checkpoints: { disk },
  seed: 3,
});

/** What lies under a folder, in bytes, as `du` counts; links are not followed. */
function bytesUnder(path: string): number {
  const { size, blocks } = lstatSync(path);
  const own = Math.max(size, blocks * 512);
  return lstatSync(path).isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + bytesUnder(join(path, name)), own)
    : own;
}

const checkpoints = (name: string, trial: number): string =>
  join(directory, name, "trials", String(trial), "checkpoint");

/** Each step's folder of a study, by its trial. */
const onDisk = (name: string, trials: number): readonly (readonly string[])[] =>
  Array.from({ length: trials }, (_, trial) => {
    const folder = checkpoints(name, trial);
    return existsSync(folder) ? readdirSync(folder) : [];
  });

const kept = ({ trials }: History): readonly (readonly string[])[] =>
  trials.map(({ saved }) => saved.map(({ step }) => String(step)));

function journal(name: string): { readonly events: readonly Recorded[]; readonly history: History } {
  const events: Recorded[] = [];
  readJournal(join(directory, name, "journal.jsonl"), (event) => events.push(event));
  return { events, history: fold(events) };
}

/** The loss of the objective after so many steps. */
function lossOf(x: number, steps: number): number {
  let sum = 0;
  for (let step = 1; step <= steps; step++) sum += x / step;
  return sum / steps;
}

function assertValues({ trials }: History): void {
  for (const { params, value, completedBudget } of trials)
    expect(value).toBe(lossOf(Number(params["x"]), completedBudget));
}

async function runToEnd(study: Study): Promise<void> {
  await study.run();
  await study.close();
}

describe("a study with a limit on the disk of its checkpoints", () => {
  it.each(["1MB", "600KB"])("of %s keeps within it, and comes to what it would without", async (disk) => {
    const name = `limit-${disk}`;
    await runToEnd(await createStudy({ ...spec(name, disk), objective: heavy }));
    const { events, history } = journal(name);
    expect(history.finished?.failed).toBe(false);
    expect(verifyStudy(join(directory, name, "journal.jsonl"))).toMatchObject({ kind: "verified" });
    expect(onDisk(name, history.trials.length)).toEqual(kept(history));

    const sizes = history.trials.map(({ saved }, trial) =>
      saved.reduce((sum, { step }) => sum + bytesUnder(join(checkpoints(name, trial), String(step))), 0),
    );
    // The link to a program of many megabytes weighs next to nothing.
    const links = history.trials.reduce((sum, { saved }) => sum + 1024 * saved.length, 0);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(Math.abs(history.checkpoints.bytes - total)).toBeLessThanOrEqual(links);
    expect(total).toBeLessThanOrEqual((disk === "1MB" ? 1024 : 600) * 1024);
    expect(history.checkpoints.evicted).toBeGreaterThan(5);
    for (const event of events.filter((each) => each.type === "checkpoint-saved"))
      expect(event.bytes).toBeGreaterThan(100_000);

    assertValues(history);
    expect(history.best?.budget).toBe(9);
    expect(existsSync(join(checkpoints(name, history.best?.number ?? 0), "9", "weights"))).toBe(true);
  });

  it("does again from step 1 what lost its checkpoint and is promoted, and reaches the right value", async () => {
    const name = "reruns";
    await runToEnd(await createStudy({ ...spec(name, "300KB"), objective: heavy }));
    const { events, history } = journal(name);
    const again = events.filter((event) => event.type === "run-started" && /was removed to keep/.test(event.reason));
    expect(again.length).toBeGreaterThan(0);
    expect(history.checkpoints.reruns).toBe(again.length);
    for (const event of again) expect(event).toMatchObject({ startStep: 1 });
    assertValues(history);
  });

  it("does so with a function in this process too, in a study in memory", async () => {
    const { name: _, directory: __, ...rest } = spec("memory", "300KB");
    const study = await createStudy({
      ...rest,
      name: "memory",
      directory: null,
      objective: async (params, trial) => {
        for (let step = trial.startStep; step <= trial.budget; step++) {
          await trial.report({ step, loss: lossOf(params.x, step) });
          await trial.checkpoint.save(step, (folder) => writeFileSync(join(folder, "weights"), Buffer.alloc(100_000)));
        }
      },
    });
    await study.run();
    expect(study.history.checkpoints.evicted).toBeGreaterThan(5);
    expect(study.history.checkpoints.bytes).toBeLessThanOrEqual(300 * 1024);
    await study.close();
  });

  it("finishes at its resume the removals that a kill has cut off, and leaves alone what it does not know", async () => {
    const name = "killed";
    const { directory: _, ...rest } = spec(name, "600KB");
    const options = {
      ...rest,
      directory,
      acknowledged: join(directory, "acknowledged"),
      objective: { module: fileURLToPath(heavy) },
    };
    const child = spawn(process.execPath, ["--import", killAtRemoval, coordinator, JSON.stringify(options)], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    expect((await once(child, "close"))[1]).toBe("SIGKILL");
    await endOrphans(join(directory, name), 10_000);

    const cut = journal(name);
    const before = onDisk(name, cut.history.trials.length);
    const gone = cut.history.trials.find(
      ({ number, evicted }) => evicted !== undefined && (before[number] ?? []).length > 0,
    );
    // Said, durably, and not done.
    expect(gone).toBeDefined();
    const foreign = join(directory, name, "trials", "99", "checkpoint", "1");
    mkdirSync(foreign, { recursive: true });
    const notes = join(checkpoints(name, gone?.number ?? 0), "notes");
    writeFileSync(notes, "mine");

    const study = await resumeStudy({ name, directory });
    const first = (await study.run()[Symbol.asyncIterator]().next()).value;
    expect(first).toBeDefined();
    await study.close();
    expect(existsSync(join(checkpoints(name, gone?.number ?? 0), String(gone?.evicted?.step)))).toBe(false);
    await runToEnd(await resumeStudy({ name, directory }));
    const { history } = journal(name);
    expect(verifyStudy(join(directory, name, "journal.jsonl"))).toMatchObject({ kind: "verified" });
    expect(history.finished?.reason).toBe("all 17 trials asked for are done");
    assertValues(history);
    rmSync(notes);
    expect(onDisk(name, history.trials.length)).toEqual(kept(history));
    expect(existsSync(foreign)).toBe(true);
  });

  it("goes on and says so where a folder cannot be changed any more, and tries again at its resume", async () => {
    const name = "replaced";
    const study = (await createStudy({ ...spec(name, "600KB"), objective: heavy })) as unknown as Study;
    let broken: string | undefined;
    for await (const event of study.run()) {
      if (event.type !== "trial-dropped" || broken !== undefined) continue;
      if (study.history.trials[event.trial]?.checkpointBytes === 0) continue;
      // Somebody has put a file in its place.
      broken = checkpoints(name, event.trial);
      rmSync(broken, { recursive: true });
      writeFileSync(broken, "no folder");
    }
    await study.close();
    const { history, events } = journal(name);
    expect(history.finished?.failed).toBe(false);
    const left = events.filter((event) => event.type === "checkpoint-left");
    expect(left).toMatchObject([{ message: expect.stringMatching(/^ENOTDIR/) }]);
    expect(verifyStudy(join(directory, name, "journal.jsonl"))).toMatchObject({ kind: "verified" });

    await runToEnd(await resumeStudy({ name, directory }));
    expect(journal(name).history.checkpoints.left).toBe(2);
    rmSync(broken ?? "");
    await runToEnd(await resumeStudy({ name, directory }));
    expect(journal(name).history.checkpoints.left).toBe(2);
  });

  it("goes on and says so where it has no permission to remove them", async () => {
    // Root may remove anything: then the study is another user's.
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const home = mkdtempSync(join(tmpdir(), "hpo-stubborn-"));
    if (nobody.uid !== undefined) chownSync(home, nobody.uid, nobody.gid);
    const { budget: _, ...rest } = spec("stubborn", "300KB");
    const options = {
      ...rest,
      directory: home,
      acknowledged: join(home, "acknowledged"),
      objective: { module: fileURLToPath(new URL("../fixtures/objectives/stubborn.mjs", import.meta.url)) },
      strategy: "random",
      stop: { trials: 6 },
    };
    const child = spawn(process.execPath, [coordinator, JSON.stringify(options)], { stdio: "inherit", ...nobody });
    expect((await once(child, "close"))[0]).toBe(0);
    const events: Recorded[] = [];
    readJournal(join(home, "stubborn", "journal.jsonl"), (event) => events.push(event));
    const { trials, checkpoints: ledger } = fold(events);
    expect(trials.map(({ state }) => state)).toEqual(Array.from({ length: 6 }, () => "complete"));
    expect(ledger.evicted).toBe(4);
    const left = events.filter((event) => event.type === "checkpoint-left");
    expect(new Set(left.map(({ trial }) => trial)).size).toBe(4);
    for (const { message } of left) expect(message).toMatch(/^EACCES/);
    for (const { number } of trials) chmodSync(join(home, "stubborn", "trials", String(number), "checkpoint"), 0o755);
    rmSync(home, { recursive: true });
  });
});
