import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Recorded } from "../../src/history/events.ts";
import { fenceOff } from "../../src/journal/fence.ts";
import { FileJournal } from "../../src/journal/file-journal.ts";
import { readJournal } from "../../src/journal/read-journal.ts";
import { runVirtual } from "../support/virtual-study.ts";

/** A journal's file that is taken away, replaced, cut or written by others while a process goes on with it. */

const { events } = await runVirtual({
  spec: {
    name: "s",
    metric: { name: "loss", goal: "minimize" },
    parameters: { x: { type: "float", low: 0, high: 1 } },
    stop: { trials: 10 },
    seed: 1,
  },
  objective: { loss: () => 0.1 },
});
const TOLD = 20;

let place: string;
let folder: string;
let file: string;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "hpo-displaced-"));
  folder = join(place, "s");
  file = join(folder, "journal.jsonl");
  mkdirSync(folder);
});
afterEach(() => rmSync(place, { recursive: true }));

const read = (path: string): Recorded[] => {
  const found: Recorded[] = [];
  readJournal(path, (event) => found.push(event));
  return found;
};

/** A journal of the first events, all told. @param resumed half of them were written by a process before */
async function told(resumed: boolean): Promise<FileJournal> {
  let journal = FileJournal.create(file);
  for (const [index, event] of events.slice(0, TOLD).entries()) {
    if (resumed && index === TOLD / 2) {
      journal.close();
      journal = FileJournal.resume(
        file,
        readJournal(file, () => undefined),
      );
    }
    journal.append(event);
  }
  await journal.commit();
  return journal;
}

const saved = (): string[] =>
  readdirSync(place, { recursive: true, encoding: "utf8" })
    .filter((name) => name.includes("rescued"))
    .map((name) => join(place, name));

const WAYS: readonly (readonly [string, () => void, string])[] = [
  ["is removed", () => rmSync(file), "it was removed"],
  [
    "is removed with its folder",
    () => rmSync(folder, { recursive: true }),
    "it was removed, or its folder was renamed",
  ],
  ["has its folder renamed", () => renameSync(folder, join(place, "t")), "it was removed, or its folder was renamed"],
  [
    "is replaced by a copy",
    () => {
      copyFileSync(file, join(place, "copy"));
      renameSync(join(place, "copy"), file);
    },
    "another file is in its place",
  ],
  ["is written by another process", () => appendFileSync(file, "x"), "another process writes to it"],
  [
    "has a folder in its place",
    () => {
      rmSync(file);
      mkdirSync(file);
    },
    "another file is in its place",
  ],
  [
    "has its folder replaced by a file",
    () => {
      renameSync(folder, join(place, "t"));
      writeFileSync(folder, "");
    },
    "a part of the path is a file",
  ],
];

describe.each([false, true])("a journal (resumed before: %s) that", (resumed) => {
  it.each(WAYS)("%s stops, and all that was told is kept elsewhere", async (_, take, words) => {
    const journal = await told(resumed);
    take();
    journal.append(events[TOLD] as Recorded);
    const error = { code: "journal-unwritable", message: expect.stringContaining(words) as string };
    await expect(journal.commit()).rejects.toMatchObject(error);
    await expect(journal.commit()).rejects.toMatchObject(error);
    expect(() => journal.close()).toThrow(expect.objectContaining(error));
    const files = saved();
    expect(files).toHaveLength(1);
    expect(read(files[0] as string)).toEqual(events.slice(0, TOLD + 1));
  });
});

it.each([false, true])(
  "a journal (resumed before: %s) that is cut by others keeps all that was told",
  async (resumed) => {
    const journal = await told(resumed);
    truncateSync(file, 100);
    journal.append(events[TOLD] as Recorded);
    await expect(journal.commit()).rejects.toMatchObject({
      message: expect.stringContaining("it has 100 bytes") as string,
    });
    expect(read(saved()[0] as string)).toEqual(events.slice(0, TOLD + 1));
  },
);

it("a journal whose file goes between the write and the flush is not told", async () => {
  const journal = await told(false);
  journal.append(events[TOLD] as Recorded);
  journal.write();
  const flush = journal.commit();
  renameSync(folder, join(place, "t"));
  await expect(flush).rejects.toMatchObject({ code: "journal-unwritable" });
});

it("a journal is not opened when it grew since it was read", async () => {
  (await told(false)).close();
  const extent = readJournal(file, () => undefined);
  appendFileSync(file, readFileSync(file).subarray(0, 50));
  const before = readFileSync(file);
  expect(() => FileJournal.resume(file, extent)).toThrow(expect.objectContaining({ code: "study-locked" }));
  expect(readFileSync(file)).toEqual(before);
});

it("a journal that is fenced off loses nothing, and what an earlier writer adds goes nowhere", async () => {
  const rival = await told(false);
  fenceOff(file);
  expect(readdirSync(dirname(file))).toEqual(["journal.jsonl"]);
  const journal = FileJournal.resume(
    file,
    readJournal(file, () => undefined),
  );
  rival.append(events[TOLD] as Recorded);
  await expect(rival.commit()).rejects.toMatchObject({ message: expect.stringContaining("another file") as string });
  journal.append(events[TOLD] as Recorded);
  await journal.commit();
  journal.close();
  expect(read(file)).toEqual(events.slice(0, TOLD + 1));
});

it("a journal stops when its lock is lost", async () => {
  let loss: string | undefined;
  const journal = FileJournal.create(file, () => loss);
  journal.append(events[0] as Recorded);
  await journal.commit();
  loss = "it was taken over by process 7";
  journal.append(events[1] as Recorded);
  await expect(journal.commit()).rejects.toMatchObject({ message: expect.stringContaining(loss) as string });
  expect(read(file)).toHaveLength(1);
});
