// "fail" throws, "quick" ends at once, "long" goes on until it is told to stop.
import { setTimeout as pause } from "node:timers/promises";

export default async function objective({ mode, x }, trial) {
  console.log(`mode ${mode}`);
  if (mode === "fail") throw new Error("the data set is empty");
  for (let step = 1; step <= (mode === "quick" ? 3 : trial.budget); step += 1) {
    if (mode === "long") await pause(20);
    const { action } = await trial.report({ step, loss: x + 1 / step });
    if (action === "stop") return;
  }
  return { loss: x };
}
