import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Recorded } from "../../src/history/events.ts";
import { FileJournal } from "../../src/journal/file-journal.ts";
import { decodeLine, encodeLine } from "../../src/journal/line.ts";
import { readJournal } from "../../src/journal/read-journal.ts";
import { runVirtual } from "../support/virtual-study.ts";

const folder = mkdtempSync(join(tmpdir(), "hpo-journal-"));
const file = join(folder, "journal.jsonl");
beforeEach(() => rmSync(file, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

const { events } = await runVirtual({
  spec: {
    name: "ü",
    metric: { name: "loss", goal: "minimize" },
    parameters: { x: { type: "categorical", choices: ["é", 'say "hi"\n', "\u2028", "🙂"] } },
    stop: { trials: 10 },
    seed: 1,
  },
  objective: { loss: () => 0.1 },
});

const read = (): Recorded[] => {
  const found: Recorded[] = [];
  readJournal(file, (event) => found.push(event));
  return found;
};

const write = async (some: readonly Recorded[]): Promise<FileJournal> => {
  const journal = FileJournal.create(file);
  for (const event of some) journal.append(event);
  await journal.commit();
  return journal;
};

describe("a journal's line", () => {
  it("gives back what went in, and says when a character was changed", () => {
    for (const event of events) {
      const line = encodeLine(event);
      expect(line).not.toContain("\n");
      expect(decodeLine(Buffer.from(line))).toMatchObject({ event });
    }
    fc.assert(
      fc.property(fc.nat(events.length - 1), fc.nat(), fc.integer({ min: 32, max: 126 }), (which, place, code) => {
        const line = encodeLine(events[which] as Recorded);
        const at = place % line.length;
        const changed = line.slice(0, at) + String.fromCharCode(code) + line.slice(at + 1);
        fc.pre(changed !== line);
        expect(decodeLine(Buffer.from(changed))).toHaveProperty("problem");
      }),
    );
  });
});

describe("a journal on disk", () => {
  it("gives back every event in order", async () => {
    const journal = await write(events);
    journal.close();
    expect(read()).toEqual(events);
  });

  it("groups what comes while it flushes into one flush", async () => {
    const journal = await write([]);
    const commits = events.map((event) => {
      journal.append(event);
      return journal.commit();
    });
    await Promise.all(commits);
    expect(journal.commits).toBeLessThanOrEqual(2);
    await journal.commit();
    expect(journal.commits).toBeLessThanOrEqual(2);
    journal.close();
    expect(read()).toEqual(events);
  });

  it("opens when it is cut at any byte of its last 20 lines, without what was torn, and goes on", async () => {
    (await write(events)).close();
    const whole = readFileSync(file);
    const lines = whole.toString().split("\n");
    const start = Buffer.byteLength(`${lines.slice(0, -21).join("\n")}\n`);
    for (let size = start; size <= whole.length; size++) {
      writeFileSync(file, whole.subarray(0, size));
      const kept: Recorded[] = [];
      const extent = readJournal(file, (event) => kept.push(event));
      expect(extent.bytes + extent.torn).toBe(size);
      expect(kept).toEqual(events.slice(0, whole.subarray(0, size).toString("latin1").split("\n").length - 1));
      const journal = FileJournal.resume(file, extent);
      const first = events[0] as Recorded;
      const next: Recorded =
        kept.length === 0 ? first : { type: "noted", text: "é", trial: null, seq: kept.length, at: first.at };
      journal.append(next);
      journal.close();
      expect(read()).toEqual([...kept, next]);
    }
  });

  it("refuses any other bad line, with file, line and cause, and changes nothing", async () => {
    (await write(events)).close();
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    const cases: [string[], RegExp][] = [
      [lines.with(4, (lines[4] as string).replace('"seq":4', '"seq":5')), /line 5 cannot be read: its checksum is/],
      [lines.toSpliced(4, 1), /line 5 cannot be read: it is event 5, where 4 was expected/],
      [lines.toSpliced(4, 0, ""), /line 5 cannot be read: it does not end in a checksum/],
      [lines.slice(1), /line 1 cannot be read: it is event 1, where 0/],
      [[encodeLine({ ...events[0], version: 99 } as Recorded)], /format version 99/],
      [[encodeLine({ ...events[1], seq: 0 } as Recorded)], /line 1 cannot be read: it is "session-started"/],
    ];
    for (const [changed, message] of cases) {
      const text = `${changed.join("\n")}\n`;
      writeFileSync(file, text);
      expect(read).toThrow(
        expect.objectContaining({ code: "journal-damaged", message: expect.stringMatching(message) }),
      );
      expect(readFileSync(file, "utf8")).toBe(text);
    }
  });

  it("stops writing when another process has written", async () => {
    const journal = await write(events.slice(0, 3));
    appendFileSync(file, "x");
    journal.append(events[3] as Recorded);
    await expect(journal.commit()).rejects.toMatchObject({
      code: "journal-unwritable",
      message: expect.stringContaining("another process writes to it"),
    });
    await expect(journal.commit()).rejects.toMatchObject({ code: "journal-unwritable" });
    expect(() => journal.close()).toThrow(expect.objectContaining({ code: "journal-unwritable" }));
  });

  it("is read in pieces larger and smaller than a chunk", async () => {
    const long = { ...(events[0] as Recorded), engine: "x".repeat(3 << 20) } as Recorded;
    (await write([long, ...events.slice(1)])).close();
    expect(read()).toEqual([long, ...events.slice(1)]);
  });
});
