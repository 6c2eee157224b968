import { readFile, writeFile } from "node:fs/promises";
import { tf } from "hpo/tfjs";

// A small network that learns a curve. Put your own data and model in its place.
const inputs = Array.from({ length: 256 }, (_, i) => i / 128 - 1);

export default async function train(params, trial) {
  const x = tf.tensor2d(inputs, [inputs.length, 1]);
  const y = tf.tensor2d(
    inputs.map((value) => Math.sin(3 * value)),
    [inputs.length, 1],
  );
  const model = tf.sequential();
  model.add(tf.layers.dense({ inputShape: [1], units: params.units, activation: params.activation }));
  model.add(tf.layers.dense({ units: 1 }));
  model.compile({ optimizer: tf.train.sgd(params.learningRate), loss: "meanSquaredError" });

  const { directory } = trial.checkpoint; // what an earlier run of this trial saved; undefined at its first
  if (directory !== undefined) {
    const saved = JSON.parse(await readFile(`${directory}/weights.json`, "utf8"));
    model.setWeights(model.getWeights().map((weight, i) => tf.tensor(saved[i], weight.shape)));
  }
  for (let epoch = trial.startStep; epoch <= trial.budget; epoch++) {
    const { history } = await model.fit(x, y, { epochs: 1, batchSize: 32, verbose: 0 });
    const weights = await Promise.all(model.getWeights().map(async (weight) => [...(await weight.data())]));
    await trial.checkpoint.save(epoch, (folder) => writeFile(`${folder}/weights.json`, JSON.stringify(weights)));
    const decision = await trial.report({ step: epoch, loss: history.loss[0] });
    if (decision.action === "stop") break;
  }
}
