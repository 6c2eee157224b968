import { HpoError } from "../../errors.ts";
import { loadStudy } from "../../study/study-folder.ts";
import { count } from "../../views/words.ts";
import { type Command, defineCommand } from "../command.ts";
import { DIRECTORY, NAME } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { listenForInterruption } from "../interruption.ts";

/** Milliseconds without an answer after which the command gives up. */
const PATIENCE = 5_000;

export const command: Command = defineCommand({
  describe: "Send a study to MLflow, also an old one; what was sent before is not sent twice",
  positionals: NAME,
  options: {
    ...DIRECTORY,
    to: { type: "text", describe: "mlflow=URI, such as mlflow=http://127.0.0.1:5000; left out, as its spec says" },
    experiment: { type: "text", describe: "The experiment's name, instead of the spec's or hpo" },
  },
  async run({ name, directory, to, experiment }, output) {
    const { folder, history } = loadStudy(directory, name);
    const own = history.settings.track?.mlflow;
    const uri = to === undefined ? (own?.uri ?? process.env["MLFLOW_TRACKING_URI"]) : readUri(to);
    if (uri === undefined)
      throw new HpoError(
        "invalid-argument",
        "--to: expected mlflow=URI, since neither the study's spec nor MLFLOW_TRACKING_URI names a server",
      );
    const target = { uri, experiment: experiment ?? own?.experiment ?? "hpo" };
    const { track } = await import("../../trackers/track.ts");
    const interruption = listenForInterruption();
    try {
      const { trials, refused, failure } = await track({
        folder,
        target,
        patience: PATIENCE,
        signal: interruption.signal,
        onFailure: (message) => output.err(`trying again: ${message}`),
      });
      for (const message of refused) output.err(`refused: ${message}`);
      if (interruption.signal.aborted) return EXIT.interrupted;
      if (failure !== undefined) {
        output.err(`${name}: not sent. ${failure}. What was sent stays; the same command sends the rest`);
        return EXIT.failed;
      }
      output.out(`${name}: ${count(trials, "trial")} in experiment ${target.experiment} of ${uri}`);
      return refused.length === 0 ? EXIT.done : EXIT.failed;
    } finally {
      interruption.release();
    }
  },
});

function readUri(to: string): string {
  const uri = /^mlflow=(https?:\/\/[^\s@]+)$/.exec(to)?.[1];
  if (uri !== undefined) return uri;
  throw new HpoError(
    "invalid-argument",
    `--to: expected mlflow=URI such as mlflow=http://127.0.0.1:5000, received ${JSON.stringify(to)}`,
  );
}
