import { readFile, writeFile } from "node:fs/promises";
import type { ObjectiveTrial } from "hpo";

/** The parameters in space.json. */
interface Params {
  readonly learningRate: number;
  readonly momentum: number;
  readonly batchSize: number;
}

interface Model {
  slope: number;
  offset: number;
  slopeSpeed: number;
  offsetSpeed: number;
}

// A line through noisy points, fitted by stochastic gradient descent. Put your own training in its place.
const points = Array.from({ length: 256 }, (_, i) => {
  const x = (i % 16) / 8 - 1;
  return { x, y: 3 * x + 1 + Math.sin(i * 7) / 5 };
});

export default async function train(params: Params, trial: ObjectiveTrial): Promise<void> {
  let model: Model = { slope: 0, offset: 0, slopeSpeed: 0, offsetSpeed: 0 };
  const { directory } = trial.checkpoint; // what an earlier run of this trial saved; undefined at its first
  if (directory !== undefined) model = JSON.parse(await readFile(`${directory}/model.json`, "utf8")) as Model;

  for (let epoch = trial.startStep; epoch <= trial.budget; epoch++) {
    for (let from = 0; from < points.length; from += params.batchSize) {
      const errors = points
        .slice(from, from + params.batchSize)
        .map(({ x, y }) => ({ x, error: model.slope * x + model.offset - y }));
      const slopeGradient = mean(errors.map(({ x, error }) => x * error));
      const offsetGradient = mean(errors.map(({ error }) => error));
      model.slopeSpeed = params.momentum * model.slopeSpeed - params.learningRate * slopeGradient;
      model.offsetSpeed = params.momentum * model.offsetSpeed - params.learningRate * offsetGradient;
      model.slope += model.slopeSpeed;
      model.offset += model.offsetSpeed;
    }
    await trial.checkpoint.save(epoch, (folder) => writeFile(`${folder}/model.json`, JSON.stringify(model)));
    const loss = mean(points.map(({ x, y }) => (model.slope * x + model.offset - y) ** 2));
    const decision = await trial.report({ step: epoch, loss });
    if (decision.action === "stop") break;
  }
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
