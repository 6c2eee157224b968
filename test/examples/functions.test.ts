import { expect, test } from "vitest";
import { example } from "./module.ts";

const { branin, hartmann6 } = (await import(example("functions/test-functions.js"))) as {
  readonly branin: (x1: number, x2: number) => number;
  readonly hartmann6: (x: readonly number[]) => number;
};

const HARTMANN6_OPTIMUM = [0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573];

test("Branin's function has its three minima", () => {
  for (const [x1, x2] of [
    [-Math.PI, 12.275],
    [Math.PI, 2.275],
    [9.42478, 2.475],
  ] as const) {
    expect(branin(x1, x2)).toBeCloseTo(0.397887, 6);
  }
});

test("Hartmann's function has its minimum", () => {
  expect(hartmann6(HARTMANN6_OPTIMUM)).toBeCloseTo(-3.32237, 5);
});

test("nothing around the minima is lower", () => {
  for (let i = 0; i < HARTMANN6_OPTIMUM.length; i++) {
    for (const shift of [-0.01, 0.01]) {
      expect(hartmann6(HARTMANN6_OPTIMUM.with(i, (HARTMANN6_OPTIMUM[i] ?? 0) + shift))).toBeGreaterThan(-3.32237);
    }
  }
  expect(branin(Math.PI + 0.1, 2.275)).toBeGreaterThan(0.397888);
  expect(branin(Math.PI, 2.375)).toBeGreaterThan(0.397888);
});

test.each(["branin", "hartmann6"])("the objective of %s hands its parameters on in their order", async (name) => {
  const { default: objective } = (await import(example(`functions/${name}-objective.js`))) as {
    readonly default: (params: Readonly<Record<string, number>>) => { readonly value: number };
  };
  const point = name === "branin" ? [9.42478, 2.475] : HARTMANN6_OPTIMUM;
  const params = Object.fromEntries(point.map((value, i) => [`x${i + 1}`, value]));
  expect(objective(params).value).toBeCloseTo(name === "branin" ? 0.397887 : -3.32237, 5);
});
