import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FeatureMap } from "../../src/space/features.ts";
import type { Parameters, Params } from "../../src/space/parameter.ts";
import { createSpace } from "../../src/space/space.ts";
import { spaces } from "../support/spaces.ts";

const rowOf = (map: FeatureMap, unit: Float64Array): Float64Array => {
  const row = new Float64Array(map.size);
  map.fill(unit, row);
  return row;
};

const example: Parameters = {
  rate: { type: "float", low: 1e-4, high: 1, log: true },
  layers: { type: "int", low: 1, high: 4 },
  fixed: { type: "float", low: 3, high: 3 },
  optimizer: { type: "categorical", choices: ["sgd", "momentum", "adam"] },
  momentum: { type: "float", low: 0, high: 1, when: { optimizer: ["momentum"] } },
  schedule: { type: "categorical", choices: ["step", "cosine"], when: { optimizer: ["sgd", "momentum"] } },
};

describe("features", () => {
  it("are positions by each parameter's scale, then choices and flags", () => {
    const map = new FeatureMap(createSpace(example));
    expect(map.coordinates.map(({ name }) => name)).toEqual(["rate", "layers", "optimizer", "momentum", "schedule"]);
    const row = (params: Parameters | object): readonly number[] => [
      ...rowOf(map, map.unit(params as Record<string, number>)),
    ];
    // rate, layers, momentum | optimizer, schedule, whether momentum is active
    expect(row({ rate: 0.01, layers: 1, fixed: 3, optimizer: "momentum", momentum: 0.25, schedule: "cosine" })).toEqual(
      [0.5, 0.125, 0.25, 1, 1, 1],
    );
    expect(row({ rate: 1, layers: 4, fixed: 3, optimizer: "adam" })).toEqual([1, 0.875, 0.5, 2, -1, -1]);
    expect([...map.coordinateOf]).toEqual([0, 1, 3, 2, 4, 3]);
  });

  it("tell how far a training is, where that is wanted, behind the positions and with a length scale of its own", () => {
    fc.assert(
      fc.property(spaces, fc.double({ min: 0, max: 1, noNaN: true }), (parameters, progress) => {
        const space = createSpace(parameters);
        const [plain, map] = [new FeatureMap(space), new FeatureMap(space, { progress: true })];
        expect([plain.progress, plain.dimensions]).toEqual([-1, plain.coordinates.length]);
        expect([map.progress, map.dimensions]).toEqual([plain.numeric, plain.coordinates.length + 1]);
        const unit = Float64Array.from(map.coordinates, (_, index) => (index * 0.37) % 1);
        const insert = <T>(values: Iterable<T>, value: T): readonly T[] =>
          [...values].toSpliced(plain.numeric, 0, value);
        const [own, row] = [rowOf(plain, unit), new Float64Array(map.size + 2).fill(7)];
        map.fill(unit, row, 1, progress);
        expect([...row]).toEqual([7, ...insert(own, progress), 7]);
        expect([...rowOf(map, unit)]).toEqual(insert(own, 1));
        expect([...map.coordinateOf]).toEqual(insert(plain.coordinateOf, map.coordinates.length));
        expect([...map.scaleOf]).toEqual(insert(plain.scaleOf, 1));
      }),
    );
  });

  it("of a point are those of the configuration that it decodes to, in any space", () => {
    fc.assert(
      fc.property(spaces, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (parameters, chance) => {
        const map = new FeatureMap(createSpace(parameters));
        const unit = Float64Array.from(map.coordinates, () => chance.next().value as number);
        const params = map.decode(unit);
        const row = rowOf(map, unit);
        const again = rowOf(map, map.unit(params));
        for (const [feature, value] of row.entries()) {
          expect(value).toBeGreaterThanOrEqual(feature < map.numeric ? 0 : -1);
          if (feature < map.numeric) expect(value).toBeLessThanOrEqual(1);
        }
        // Of a tiny range only a few floats are there to be decoded.
        const wide = map.coordinates.every(({ name, count }) => {
          const parameter = parameters[name];
          if (count < Infinity || parameter?.type !== "float") return true;
          const { low, high, log } = parameter;
          if (high - low < 1e-300) return false;
          return log === true ? high / low > 1.001 : (high - low) / Math.max(Math.abs(low), Math.abs(high)) > 1e-6;
        });
        if (wide) for (const [feature, value] of again.entries()) expect(value).toBeCloseTo(row[feature] as number, 6);
        const active = map.active(unit);
        for (const [index, { name }] of map.coordinates.entries())
          expect(active[index]).toBe(Object.hasOwn(params, name));
      }),
      { numRuns: 2000 },
    );
  });

  it("of a discrete coordinate stand at the place of each of its values", () => {
    const map = new FeatureMap(
      createSpace({
        units: { type: "int", low: 3, high: 20, log: true },
        dropout: { type: "float", low: 0, high: 0.6, step: 0.05 },
        batch: { type: "ordinal", values: [16, 32, 64] },
        optimizer: { type: "categorical", choices: ["sgd", "adam"] },
      }),
    );
    for (const [position, { count }] of map.coordinates.entries())
      for (let index = 0; index < count; index++) expect(map.indexAt(position, map.place(position, index))).toBe(index);
  });

  // Most floats from 0 to 1 are tiny; most of the interval is not.
  const even = fc.maxSafeNat().map((part) => part / 2 ** 53);
  const units = fc.infiniteStream(fc.oneof(even, fc.double({ min: 0, max: 1, noNaN: true })));
  const largest = Number.MAX_SAFE_INTEGER;
  const hugeInts: fc.Arbitrary<Parameters> = fc
    .tuple(fc.maxSafeInteger(), fc.maxSafeInteger(), fc.maxSafeNat(), fc.constantFrom(1, 2, 3e11, 7e15 + 1))
    .map(([a, b, c, step]) => ({
      wide: { type: "int", low: Math.min(a, b), high: Math.max(a, b), step },
      logs: { type: "int", low: Math.floor(c / 2 ** (c % 53)) || 1, high: largest, log: true },
    }));

  it("change at the edges of the shares of a discrete coordinate's values", () => {
    const space = createSpace({
      layers: { type: "int", low: 2, high: 9 },
      units: { type: "int", low: 1, high: 40, log: true },
      large: { type: "int", low: 2 ** 50, high: 2 ** 50 + 6, log: true },
      size: { type: "ordinal", values: [8, 16, 64] },
    });
    const map = new FeatureMap(space);
    for (const [position, { count }] of map.coordinates.entries()) {
      const edges = map.edges(position);
      expect([edges.length, edges[0], edges[count]]).toEqual([count + 1, 0, 1]);
      for (let index = 0; index < count; index++) {
        const [from, to] = [edges[index], edges[index + 1]] as [number, number];
        for (const share of [0.01, 0.5, 0.99]) expect(map.indexAt(position, from + share * (to - from))).toBe(index);
      }
    }
  });

  it("come from a point that decodes to exactly what is discrete of a configuration, in any space", () => {
    fc.assert(
      fc.property(fc.oneof(spaces, hugeInts), units, (parameters, chance) => {
        const map = new FeatureMap(createSpace(parameters));
        const params = map.decode(Float64Array.from(map.coordinates, () => chance.next().value as number));
        const again = map.decode(map.unit(params));
        const discrete = (given: Params): unknown =>
          Object.entries(given).filter(([name]) => map.coordinates.every((c) => c.name !== name || c.count < Infinity));
        expect(discrete(again)).toEqual(discrete(params));
        for (const [position, { name, count }] of map.coordinates.entries()) {
          const { type, log = false, low = 0 } = parameters[name] as { type: string; log?: boolean; low?: number };
          const value = params[name];
          if (type !== "int" || !log || value === undefined || count === Infinity) continue;
          const index = (value as number) - low;
          expect(map.indexAt(position, map.place(position, index))).toBe(index);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("have a point for each value of an int with log, up to 2⁵³, where its floats are enough", () => {
    const near = fc
      .tuple(fc.integer({ min: 0, max: 53 }), fc.double({ min: 0.5, max: 1, noNaN: true }), fc.nat(5000), fc.nat())
      .map(([power, part, span, index]) => {
        const low = Math.min(Math.max(1, Math.floor(part * 2 ** power)), largest - span);
        return { low, high: low + span, value: low + (index % (span + 1)) };
      });
    const far = fc
      .tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1000, max: 1e13 }), fc.maxSafeNat())
      .map(([low, high, index]) => ({ low, high, value: low + (index % (high - low + 1)) }));
    fc.assert(
      fc.property(fc.oneof(near, far), ({ low, high, value }) => {
        fc.pre(low < high);
        const map = new FeatureMap(createSpace({ n: { type: "int", low, high, log: true } }));
        expect(map.decode(map.unit({ n: value }))).toEqual({ n: value });
        expect(map.decode(Float64Array.of(map.place(0, value - low)))).toEqual({ n: value });
      }),
      { numRuns: 2000 },
    );
  });
});
