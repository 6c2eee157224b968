import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { requirementsOf, type Axis, type Part } from "../../src/importance/axis.ts";
import { Marginals } from "../../src/importance/marginals.ts";
import { TreeGrower, type Leaf, type Sample } from "../../src/importance/tree.ts";
import { createRng } from "../../src/numerics/rng.ts";

/** A cube small enough to be looked at cell by cell: its definition is the test of its sums. */

const CELLS = 4;

/** Two or three axes; those after the first may depend on an earlier one, or on two. */
const cubes: fc.Arbitrary<readonly Axis[]> = fc
  .array(
    fc.record({
      line: fc.boolean(),
      count: fc.integer({ min: 2, max: 4 }),
      parents: fc.array(fc.record({ parent: fc.nat(), allowed: fc.integer({ min: 1, max: 2 ** CELLS - 1 }) }), {
        maxLength: 2,
      }),
    }),
    { minLength: 2, maxLength: 3 },
  )
  .map((list) => {
    const axes: Axis[] = [];
    for (const [index, { line, count, parents }] of list.entries()) {
      const conditions =
        index === 0 ? [] : parents.map(({ parent, allowed }) => conditionOn(axes, parent % index, allowed));
      axes.push(line ? { kind: "line", conditions } : { kind: "choice", count, conditions });
    }
    return axes;
  });

/** @param bits which quarters of a line, or which indices of a choice, are allowed */
function conditionOn(axes: readonly Axis[], parent: number, bits: number): Axis["conditions"][number] {
  const axis = axes[parent] as Axis;
  if (axis.kind === "choice")
    return { parent, allowed: Uint8Array.from({ length: axis.count }, (_, k) => (bits >> k) & 1) };
  const allowed: number[] = [];
  for (let k = 0; k < CELLS; k++)
    if ((bits >> k) & 1) {
      if (allowed.at(-1) === k / CELLS) allowed[allowed.length - 1] = (k + 1) / CELLS;
      else allowed.push(k / CELLS, (k + 1) / CELLS);
    }
  return { parent, allowed };
}

const holds = (part: Part, value: number): boolean =>
  part instanceof Uint8Array
    ? part[value] === 1
    : part.some((edge, k) => k % 2 === 0 && value > edge && value <= (part[k + 1] as number));

/** Positions in the middle of sixteenths, so that no cut is a value. */
function draw(axes: readonly Axis[], count: number, seed: string): Sample {
  const rng = createRng(seed, 0, "sample");
  const requirements = requirementsOf(axes);
  const columns = axes.map(() => new Float64Array(count).fill(NaN));
  for (let row = 0; row < count; row++) {
    const point = axes.map((axis) =>
      axis.kind === "line" ? (Math.floor(rng.uniform() * 8) + 0.5) / 8 : Math.floor(rng.uniform() * axis.count),
    );
    for (const [axis, value] of point.entries())
      if (requirements[axis]?.every((each) => holds(each.allowed, point[each.axis] as number)))
        (columns[axis] as Float64Array)[row] = value;
  }
  return { axes, columns, values: Float64Array.from({ length: count }, () => rng.uniform()) };
}

/** V_j by its definition: every cell between any two cuts, with its volume. */
function byDefinition(axes: readonly Axis[], leaves: readonly Leaf[], index: number): number {
  const cells = axes.map((axis, k) => {
    if (axis.kind === "choice")
      return Array.from({ length: axis.count }, (_, value) => ({ value, mass: 1 / axis.count }));
    const edges = new Set([0, 0.25, 0.5, 0.75, 1]);
    for (const { box } of leaves) for (const edge of box[k] as readonly number[]) edges.add(edge);
    const sorted = [...edges].toSorted((a, b) => a - b);
    return sorted
      .slice(1)
      .map((high, i) => ({ value: (high + (sorted[i] as number)) / 2, mass: high - (sorted[i] as number) }));
  });
  const requirements = requirementsOf(axes);
  let points: { values: number[]; mass: number }[] = [{ values: [], mass: 1 }];
  for (const list of cells)
    points = points.flatMap(({ values, mass }) =>
      list.map((cell) => ({ values: [...values, cell.value], mass: mass * cell.mass })),
    );
  const told = points.map((point) => {
    const found = leaves.filter(({ box }) => box.every((part, k) => holds(part, point.values[k] as number)));
    expect(found).toHaveLength(1);
    return { ...point, height: (found[0] as Leaf).value };
  });
  const variance = (list: readonly { mass: number; height: number }[]): number => {
    const whole = list.reduce((sum, { mass }) => sum + mass, 0);
    const mean = list.reduce((sum, { mass, height }) => sum + mass * height, 0) / whole;
    return list.reduce((sum, { mass, height }) => sum + mass * (height - mean) ** 2, 0) / whole;
  };
  const active = told.filter(({ values }) =>
    requirements[index]?.every((each) => holds(each.allowed, values[each.axis] as number)),
  );
  if (active.length === 0) return 0;
  const groups = new Map<number, { mass: number; height: number }>();
  for (const { values, mass, height } of active) {
    const value = values[index] as number;
    const group = groups.get(value) ?? { mass: 0, height: 0 };
    groups.set(value, {
      mass: group.mass + mass,
      height: (group.height * group.mass + height * mass) / (group.mass + mass),
    });
  }
  const chance = active.reduce((sum, { mass }) => sum + mass, 0);
  const total = variance(told);
  return total < 1e-20 ? 0 : (chance * variance([...groups.values()])) / total;
}

const ONES = (count: number): Float64Array => new Float64Array(count).fill(1);

describe("a tree", () => {
  test("cuts an axis only where it counts for certain", () => {
    fc.assert(
      fc.property(cubes, fc.string(), (axes, seed) => {
        const sample = draw(axes, 12, seed);
        const leaves = new TreeGrower(sample).grow(ONES(12), createRng(seed, 1, "forest"));
        const requirements = requirementsOf(axes);
        for (const { box } of leaves)
          for (const [index, part] of box.entries()) {
            const isWhole =
              part instanceof Uint8Array ? part.every((each) => each === 1) : part[0] === 0 && part[1] === 1;
            if (isWhole) continue;
            for (const { axis, allowed } of requirements[index] ?? []) {
              const other = box[axis] as Part;
              if (other instanceof Uint8Array)
                expect(other.every((each, k) => each <= (allowed[k] as number))).toBe(true);
              else expect(holds(allowed, ((other[0] as number) + (other[1] as number)) / 2)).toBe(true);
            }
          }
      }),
      { numRuns: 300 },
    );
  });
});

describe("what an axis explains", () => {
  test("is what its definition says, cell by cell", () => {
    fc.assert(
      fc.property(cubes, fc.string(), (axes, seed) => {
        const sample = draw(axes, 12, seed);
        const leaves = new TreeGrower(sample).grow(ONES(12), createRng(seed, 1, "forest"));
        const explained = new Marginals(axes).explained(leaves);
        for (const index of axes.keys()) expect(explained[index]).toBeCloseTo(byDefinition(axes, leaves, index), 9);
        expect(explained.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { numRuns: 100 },
    );
  });
});
