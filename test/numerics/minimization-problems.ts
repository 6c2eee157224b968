import type { Objective } from "../../src/numerics/lbfgsb.ts";

/** The same as in reference/lbfgsb.py. */
interface Problem {
  readonly f: Objective;
  readonly lower: (i: number) => number;
  readonly upper: (i: number) => number;
}

const rosenbrock: Objective = (x, gradient) => {
  let value = 0;
  gradient.fill(0);
  for (let i = 0; i + 1 < x.length; i++) {
    const [here, next] = [x[i] as number, x[i + 1] as number];
    const bend = next - here * here;
    value += 100 * bend * bend + (1 - here) ** 2;
    gradient[i] = (gradient[i] as number) - 400 * here * bend - 2 * (1 - here);
    gradient[i + 1] = 200 * bend;
  }
  return value;
};

const chain: Objective = (x, gradient) => {
  let value = 0;
  for (let i = 0; i < x.length; i++) {
    const ax = 2.5 * (x[i] as number) - (x[i - 1] ?? 0) - (x[i + 1] ?? 0);
    const b = 3 * Math.sin(i + 1);
    gradient[i] = ax - b;
    value += (x[i] as number) * (ax / 2 - b);
  }
  return value;
};

const beale: Objective = ([x, y], gradient) => {
  let value = 0;
  gradient.fill(0);
  for (const [k, c] of [1.5, 2.25, 2.625].entries()) {
    const power = (y as number) ** (k + 1);
    const residual = c - (x as number) + (x as number) * power;
    value += residual * residual;
    gradient[0] = (gradient[0] as number) + 2 * residual * (power - 1);
    gradient[1] = (gradient[1] as number) + 2 * residual * (k + 1) * (x as number) * (y as number) ** k;
  }
  return value;
};

const branin: Objective = ([x, y], gradient) => {
  const b = 5.1 / (4 * Math.PI ** 2);
  const c = 5 / Math.PI;
  const s = 10 * (1 - 1 / (8 * Math.PI));
  const at = x as number;
  const residual = (y as number) - b * at * at + c * at - 6;
  gradient[0] = 2 * residual * (c - 2 * b * at) - s * Math.sin(at);
  gradient[1] = 2 * residual;
  return residual * residual + s * Math.cos(at) + 10;
};

const scaled: Objective = (x, gradient) => {
  let value = 0;
  for (let i = 0; i < x.length; i++) {
    const weight = 10 ** ((6 * i) / (x.length - 1) - 2);
    const d = (x[i] as number) - 0.3;
    value += weight * d * d + d ** 4;
    gradient[i] = 2 * weight * d + 4 * d ** 3;
  }
  return value;
};

const box = (f: Objective, low: number, high: number): Problem => ({ f, lower: () => low, upper: () => high });

export const PROBLEMS: Readonly<Record<string, Problem>> = {
  ...Object.fromEntries(
    [2, 10, 40].flatMap((n) => [
      [`Rosenbrock ${n}`, box(rosenbrock, -Infinity, Infinity)],
      [`Rosenbrock ${n} in a box`, box(rosenbrock, -5, 5)],
      [
        `Rosenbrock ${n} with active bounds`,
        { f: rosenbrock, lower: () => 0.2, upper: (i: number) => (i % 3 === 1 ? 0.5 : 2) },
      ],
    ]),
  ),
  "chain 30": box(chain, 0, 1),
  "chain 60": box(chain, 0, 1),
  "chain 12, half bounded": box(chain, 0, Infinity),
  Beale: box(beale, -4.5, 4.5),
  "Beale with an active bound": box(beale, -4.5, 2),
  Branin: { f: branin, lower: (i) => (i === 0 ? -5 : 0), upper: (i) => (i === 0 ? 10 : 15) },
  "Branin at a corner": { f: branin, lower: (i) => (i === 0 ? -5 : 0), upper: (i) => (i === 0 ? -3.5 : 10) },
  "scaled 20": box(scaled, 0, 1),
};
