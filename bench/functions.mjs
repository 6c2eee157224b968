// Standard test functions of continuous optimisation as problems: Branin, Hartmann-6, Ackley and Rosenbrock in any dimension,
// and the 24 BBOB functions where a folder of problems brings them.
import { branin, hartmann6 } from "../search-spaces/functions/test-functions.js";
import { median } from "simple-statistics";
import { uniforms } from "./pcg64.mjs";

/** Ackley's function, 0 at the origin. Ackley, A Connectionist Machine for Genetic Hillclimbing, 1987. */
export function ackley(x) {
  const mean = (of) => x.reduce((sum, value) => sum + of(value), 0) / x.length;
  const radius = Math.sqrt(mean((value) => value * value));
  return 20 - 20 * Math.exp(-0.2 * radius) + Math.E - Math.exp(mean((value) => Math.cos(2 * Math.PI * value)));
}

/** Rosenbrock's function in its chained form, 0 at (1, …, 1). Rosenbrock, The Computer Journal 3(3), 1960. */
export function rosenbrock(x) {
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) sum += 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2;
  return sum;
}

/** The words of `--functions`; a star in a BBOB word stands for all 24 functions, or for instances 1 to 5. */
export const FUNCTION_WORDS = "branin, hartmann6, ackley-10, rosenbrock-5, bbob-f1-i1-d5, bbob-f*-i1-d5";

/** @param word of FUNCTION_WORDS, with any dimension @returns the words that it stands for */
export function expandFunction(word) {
  const [, f, i, d] = /^bbob-f(\d+|\*)-i(\d+|\*)-d(\d+)$/.exec(word) ?? [];
  if (f === undefined) return [word];
  const all = (part, count) => (part === "*" ? Array.from({ length: count }, (_, index) => index + 1) : [part]);
  return all(i, 5).flatMap((instance) => all(f, 24).map((number) => `bbob-f${number}-i${instance}-d${d}`));
}

/**
 * A test function as a problem: parameters x0, x1, … and a regret that is 0 at the optimum and 1 at the median of 1,000
 * uniform points.
 *
 * @param bbob (function, instance, dimension) => f with f.fopt; needed for BBOB words alone
 */
export function functionProblem(word, bbob) {
  const { f, optimum, low, high } = define(word, bbob);
  const names = low.map((_, index) => `x${index}`);
  const random = uniforms(1000 * low.length);
  const typical = median(
    Array.from({ length: 1000 }, (_, row) =>
      f(low.map((start, column) => start + (high[column] - start) * random[row * low.length + column])),
    ),
  );
  return {
    id: word,
    parameters: Object.fromEntries(names.map((name, i) => [name, { type: "float", low: low[i], high: high[i] }])),
    evaluate: (params) => ({ loss: f(names.map((name) => params[name])), cost: 1 }),
    nregret: (loss) => (loss - optimum) / (typical - optimum),
  };
}

function define(word, bbob) {
  const cube = (f, dimension, low, high, optimum = 0) => ({
    f,
    optimum,
    low: Array.from({ length: dimension }, () => low),
    high: Array.from({ length: dimension }, () => high),
  });
  if (word === "branin")
    return { f: ([x, y]) => branin(x, y), optimum: 0.39788735772973816, low: [-5, 0], high: [10, 15] };
  if (word === "hartmann6") return cube(hartmann6, 6, 0, 1, -3.322368011415512);
  const [, family, dimension] = /^(ackley|rosenbrock)-(\d+)$/.exec(word) ?? [];
  if (family === "ackley") return cube(ackley, Number(dimension), -30, 34);
  if (family === "rosenbrock") return cube(rosenbrock, Number(dimension), -3, 4);
  const [, ...numbers] = /^bbob-f(\d+)-i(\d+)-d(\d+)$/.exec(word) ?? [];
  if (numbers.length === 0)
    throw new Error(`--functions: expected words such as ${FUNCTION_WORDS}, received "${word}"`);
  if (bbob === undefined) throw new Error(`${word}: give the folder of problems, whose bbob/bbob.mjs defines it`);
  const f = bbob(...numbers.map(Number));
  return cube(f, Number(numbers[2]), -5, 5, f.fopt);
}
