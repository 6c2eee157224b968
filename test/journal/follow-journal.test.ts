import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Recorded } from "../../src/history/events.ts";
import { JournalFollower, type Progress } from "../../src/journal/follow-journal.ts";
import { encodeLine } from "../../src/journal/line.ts";
import { runVirtual } from "../support/virtual-study.ts";

const folder = mkdtempSync(join(tmpdir(), "hpo-follow-"));
const file = join(folder, "journal.jsonl");
beforeEach(() => rmSync(file, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

async function journal(seed: number): Promise<{ readonly events: readonly Recorded[]; readonly text: Buffer }> {
  const { events } = await runVirtual({
    spec: {
      name: "ü",
      metric: { name: "loss", goal: "minimize" },
      parameters: { x: { type: "categorical", choices: ["é", "a", "🙂"] } },
      stop: { trials: 5 },
      seed,
    },
    objective: { loss: () => 0.1 },
  });
  return { events, text: Buffer.from(events.map((event) => `${encodeLine(event)}\n`).join("")) };
}
const one = await journal(1);
const other = await journal(2);

interface Follower {
  /** What its listener knows. */
  readonly known: () => readonly Recorded[];
  /** How often the journal began. */
  readonly begun: () => number;
  /** Reads to the end. */
  readonly read: () => Progress;
}

function follow(most = 1_000): Follower {
  let known: Recorded[] = [];
  let begun = 0;
  const follower = new JournalFollower(file, {
    begin: () => {
      known = [];
      begun++;
    },
    event: (event) => known.push(event),
  });
  const read = (): Progress => {
    const progress = follower.read(most);
    return progress === "more" ? read() : progress;
  };
  return { known: () => known, begun: () => begun, read };
}

describe("a journal that is followed", () => {
  it("gives each event once, however it grows and in whatever pieces it is read", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(one.text.length), { maxLength: 12 }),
        fc.integer({ min: 1, max: 3_000 }),
        (cuts, most) => {
          writeFileSync(file, "");
          const { known, begun, read } = follow(most);
          let end = 0;
          for (const cut of [...cuts.sort((a, b) => a - b), one.text.length]) {
            appendFileSync(file, one.text.subarray(end, cut));
            end = cut;
            expect(read()).toBe("end");
            const whole = one.text.subarray(0, end).toString("latin1").split("\n").length - 1;
            expect(known()).toEqual(one.events.slice(0, whole));
            expect(begun()).toBe(1);
          }
        },
      ),
    );
  });

  it("goes on behind a torn line that a resume has cut off", () => {
    const lines = one.text.toString().split("\n");
    const whole = Buffer.byteLength(`${lines.slice(0, 4).join("\n")}\n`);
    writeFileSync(file, one.text.subarray(0, whole + 20));
    const { known, begun, read } = follow();
    read();
    truncateSync(file, whole);
    read();
    expect(known()).toEqual(one.events.slice(0, 4));
    appendFileSync(file, one.text.subarray(whole));
    read();
    expect(known()).toEqual(one.events);
    expect(begun()).toBe(1);
  });

  it.each([
    ["by another file", () => (writeFileSync(`${file}.new`, other.text), renameSync(`${file}.new`, file))],
    ["in its place, by less", () => writeFileSync(file, other.text.subarray(0, other.text.length - 300))],
    ["in its place, by more", () => writeFileSync(file, Buffer.concat([other.text, Buffer.from("{")]))],
  ])("begins anew where it was replaced %s", (_, replace) => {
    writeFileSync(file, one.text.subarray(0, one.text.length >> 1));
    const { known, read } = follow();
    read();
    replace();
    expect(read()).toBe("end");
    expect(known()[0]).toEqual(other.events[0]);
    expect(known()).toEqual(other.events.slice(0, known().length));
  });

  it("is absent before it comes and after it has gone, and comes again", () => {
    const { known, read } = follow();
    expect(read()).toBe("absent");
    writeFileSync(file, one.text);
    expect(read()).toBe("end");
    rmSync(file);
    expect(read()).toBe("absent");
    expect(known()).toEqual([]);
    writeFileSync(file, other.text);
    expect(read()).toBe("end");
    expect(known()).toEqual(other.events);
  });

  it("is damaged until somebody has mended it", () => {
    const spoilt = Buffer.from(one.text);
    const middle = spoilt.indexOf("\n", spoilt.length >> 1) + 10;
    spoilt.writeUInt8(spoilt.readUInt8(middle) ^ 1, middle);
    writeFileSync(file, spoilt);
    const { known, read } = follow();
    expect(read).toThrow(/journal.jsonl, line \d+ cannot be read: its checksum/);
    expect(read).toThrow(/checksum/);
    writeFileSync(file, one.text.subarray(0, -1));
    read();
    appendFileSync(file, "\n");
    read();
    expect(known()).toEqual(one.events);
  });

  it("is damaged by an event that cannot be", () => {
    writeFileSync(file, one.text);
    const follower = new JournalFollower(file, {
      begin: () => undefined,
      event: ({ seq }) => {
        if (seq === 5) throw new TypeError("a run that was never started");
      },
    });
    const read = (): void => {
      while (follower.read(1_000) === "more");
    };
    expect(read).toThrow(/line 6 cannot be: a run that was never started/);
  });
});
