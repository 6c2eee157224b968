// A process of its own that sends a study to MLflow. Its words: the study's folder, and the target as JSON.
import { setPriority } from "node:os";
import { type MlflowTarget, track } from "./track.ts";

/** Ten minutes: after that, the next resume or "hpo study track" sends the rest. */
const PATIENCE = 600_000;

const [folder = "", target = "{}"] = process.argv.slice(2);
// Trials come first.
setPriority(10);
let last = "";
try {
  const { refused, failure } = await track({
    folder,
    target: JSON.parse(target) as MlflowTarget,
    patience: PATIENCE,
    onFailure: (message) => {
      if (message !== last) say(message);
      last = message;
    },
  });
  for (const message of refused) say(message);
  if (failure !== undefined) say(`gave up: ${failure}`);
} catch (error) {
  say((error as Error).message);
}

function say(message: string): void {
  console.error(`${new Date().toISOString()} ${message}`);
}
