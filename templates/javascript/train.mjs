import { readFile, writeFile } from "node:fs/promises";

// A line through noisy points, fitted by stochastic gradient descent. Put your own training in its place.
const points = Array.from({ length: 256 }, (_, i) => {
  const x = (i % 16) / 8 - 1;
  return { x, y: 3 * x + 1 + Math.sin(i * 7) / 5 };
});

export default async function train(params, trial) {
  let state = { slope: 0, offset: 0, slopeSpeed: 0, offsetSpeed: 0 };
  const { directory } = trial.checkpoint; // what an earlier run of this trial saved; undefined at its first
  if (directory !== undefined) state = JSON.parse(await readFile(`${directory}/model.json`, "utf8"));

  for (let epoch = trial.startStep; epoch <= trial.budget; epoch++) {
    for (let from = 0; from < points.length; from += params.batchSize) {
      const batch = points.slice(from, from + params.batchSize);
      const errors = batch.map(({ x, y }) => state.slope * x + state.offset - y);
      const slopeGradient = mean(errors.map((error, i) => error * batch[i].x));
      state.slopeSpeed = params.momentum * state.slopeSpeed - params.learningRate * slopeGradient;
      state.offsetSpeed = params.momentum * state.offsetSpeed - params.learningRate * mean(errors);
      state.slope += state.slopeSpeed;
      state.offset += state.offsetSpeed;
    }
    await trial.checkpoint.save(epoch, (folder) => writeFile(`${folder}/model.json`, JSON.stringify(state)));
    const loss = mean(points.map(({ x, y }) => (state.slope * x + state.offset - y) ** 2));
    const decision = await trial.report({ step: epoch, loss });
    if (decision.action === "stop") break;
  }
}

function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
