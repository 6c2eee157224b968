import fc from "fast-check";
import { expect, it } from "vitest";
import { ReportLog } from "../../src/history/report-log.ts";
import type { ReportView } from "../../src/history/view.ts";

const PLAIN = { noNullPrototype: true } as const;
const metrics = fc.oneof(
  fc.record({ loss: fc.double({ noNaN: true }) }, PLAIN),
  fc.record({ loss: fc.double({ noNaN: true }), accuracy: fc.integer() }, PLAIN),
  fc.record({ accuracy: fc.integer(), loss: fc.double({ noNaN: true }) }, PLAIN),
  fc.constantFrom({}, JSON.parse('{"__proto__":1}') as Record<string, number>, { 7: 1, a: 2 }),
);

const act = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("add"), step: fc.nat(12), metrics }) },
  fc.record({ kind: fc.constant("cut"), step: fc.nat(12), metrics: fc.constant({}) }),
  fc.record({ kind: fc.constant("pack"), step: fc.constant(0), metrics: fc.constant({}) }),
);

it("holds the same reports packed as in a list", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), fc.boolean(), (acts, alike) => {
      const log = new ReportLog();
      let list: ReportView[] = [];
      const packed: { found: () => readonly ReportView[]; expected: readonly ReportView[] }[] = [];
      for (const { kind, step, metrics: told } of acts) {
        const report = { step, metrics: alike ? { loss: step / 7 } : told };
        if (kind === "pack") {
          const now = log.pack();
          packed.push({ found: () => now.reports, expected: list });
        } else if (kind === "cut") {
          log.cut(step);
          list = list.filter((each) => each.step < step);
        } else {
          log.add(step, report.metrics);
          const before = list.filter((each) => each.step < step);
          const after = list.filter((each) => each.step > step);
          const earlier = list.find((each) => each.step === step)?.metrics;
          list = [...before, { step, metrics: { ...earlier, ...report.metrics } }, ...after];
        }
        expect(log.all).toStrictEqual(list);
        expect(log.all.map((each) => Object.keys(each.metrics))).toEqual(list.map((each) => Object.keys(each.metrics)));
        expect(log.length).toBe(list.length);
        expect(log.lastStep).toBe(list.at(-1)?.step ?? 0);
      }
      for (const { found, expected } of packed) expect(found()).toStrictEqual(expected);
    }),
  );
});
