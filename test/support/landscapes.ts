import { createRng } from "../../src/numerics/rng.ts";
import type { Parameters, Params } from "../../src/space/parameter.ts";

/** A made-up objective: its least loss is 0, and that of the median configuration is about 1. */
export interface Landscape {
  readonly parameters: Parameters;
  readonly loss: (params: Params) => number;
}

const FLOAT = { type: "float", low: 0, high: 1 } as const;
const cube = (size: number): Parameters => Object.fromEntries(Array.from({ length: size }, (_, i) => [`x${i}`, FLOAT]));
const at = (params: Params, i: number): number => Number(params[`x${i}`]);
const bowl = (us: readonly number[]): number =>
  us.reduce((sum, u, i) => sum + (i + 1) * (u - 0.25 - ((i * 3) % 5) / 10) ** 2, 0);

/** One for each kind of objective that samplers meet, all cheap: what is learned of them is judged by regret. */
export const LANDSCAPES: Readonly<Record<string, Landscape>> = {
  /** A bowl, steeper in each further coordinate. */
  smooth: { parameters: cube(4), loss: (params) => bowl([0, 1, 2, 3].map((i) => at(params, i))) / 1.1 },
  /** The same bowl seen only at the nearest of 300 points: as tables of recorded trainings are. */
  plateaus: tableOf((points) => points.map(bowl)),
  /** A bowl of whole steps, as losses that count a few mistakes are. */
  steps: {
    parameters: cube(5),
    loss: (params) => Math.floor(20 * bowl([0, 1, 2, 3, 4].map((i) => at(params, i)))) / 40,
  },
  /** Which parameters count is decided by another one, and one of three kinds is the best. */
  conditional: {
    parameters: {
      kind: { type: "categorical", choices: ["a", "b", "c"] },
      x0: { ...FLOAT, when: { kind: ["a"] } },
      x1: { ...FLOAT, when: { kind: ["b"] } },
      x2: { ...FLOAT, when: { kind: ["b", "c"] } },
      x3: FLOAT,
    },
    loss: (params) => {
      const { kind } = params;
      const own =
        kind === "a"
          ? 0.5 + Math.abs(at(params, 0) - 0.3)
          : kind === "b"
            ? Math.abs(at(params, 1) - 0.7) + Math.abs(at(params, 2) - 0.2)
            : 0.3 + Math.abs(at(params, 2) - 0.8);
      return own + Math.abs(at(params, 3) - 0.6);
    },
  },
  /** Values dealt out over cells at random: nothing can be learned. */
  permuted: tableOf((points) => {
    const rng = createRng("dealt", 0, "sample");
    return points.map(() => 2 * rng.uniform());
  }),
};

/** A loss for each of 300 points of the 4-dimensional cube, and everywhere that of the nearest one. */
function tableOf(lossesOf: (points: readonly (readonly number[])[]) => readonly number[]): Landscape {
  const rng = createRng("points", 0, "sample");
  const points = Array.from({ length: 300 }, () => [0, 1, 2, 3].map(() => rng.uniform()));
  const losses = lossesOf(points);
  const least = Math.min(...losses);
  return {
    parameters: cube(4),
    loss: (params) => {
      const distances = points.map((point) => point.reduce((sum, p, i) => sum + (p - at(params, i)) ** 2, 0));
      return (losses[distances.indexOf(Math.min(...distances))] as number) - least;
    },
  };
}
