import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, defineCommand } from "../command.ts";
import { NAME, READING, WORKERS, workersFrom } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { findTrial, orderAgain } from "../find-trial.ts";
import { listenForInterruption } from "../interruption.ts";
import { logTails } from "../../views/log-tail.ts";
import { runAlone } from "../run-alone.ts";
import { inDigits, oneLine, paramsInWords } from "../../views/words.ts";

export const command: Command = defineCommand({
  describe: "Run one trial again alone: same parameters, seed and budget; nothing is recorded",
  positionals: { ...NAME, number: { type: "whole", describe: "The trial's number" } },
  options: { ...READING, ...WORKERS },
  async run({ name, number, directory, json, gpus, cpus }, output) {
    const { workers = {} } = workersFrom(gpus, cpus);
    const found = findTrial(directory, name, number);
    const { history, trial } = found;
    const scratch = mkdtempSync(join(tmpdir(), `hpo-trial-${number}-`));
    const interruption = listenForInterruption();
    const order = orderAgain(found, scratch);
    if (!json)
      output.out(
        `trial ${number} of ${name} again, ${history.words(order.budget)}, seed ${order.seed}: ${paramsInWords(trial.params)}`,
      );
    const outcome = await runAlone({
      found,
      order,
      workers,
      noted: (note) => {
        if (!json) output.out(note);
      },
      signal: interruption.signal,
      reported: (step, metrics) => {
        if (json) output.out(JSON.stringify({ type: "reported", step, metrics }));
        else output.out(`step ${step}: ${metricsInWords(metrics)}`);
      },
    });
    interruption.release();
    if (json) output.out(JSON.stringify({ type: "ended", outcome }));
    if (outcome.kind === "failed") {
      if (!json) {
        output.err(`failed (${outcome.cause.kind}): ${oneLine(outcome.cause.message)}`);
        for (const line of outcome.cause.detail?.split("\n") ?? []) output.err(`  ${oneLine(line)}`);
      }
      const logs = logTails(scratch).map(({ file }) => file);
      output.err(logs.length === 0 ? `it ran in ${scratch}` : `what it printed is in ${logs.join(" and ")}`);
      return EXIT.failed;
    }
    if (!json) {
      for (const { file, lines } of logTails(scratch)) {
        output.out(`end of ${file.endsWith("stderr.log") ? "stderr" : "stdout"}`);
        for (const line of lines) output.out(`  ${line}`);
      }
      output.out(outcome.kind === "completed" ? `ended: ${metricsInWords(outcome.metrics)}` : "interrupted");
    }
    rmSync(scratch, { recursive: true, force: true });
    return outcome.kind === "completed" ? EXIT.done : EXIT.interrupted;
  },
});

function metricsInWords(metrics: Readonly<Record<string, number>>): string {
  return Object.entries(metrics)
    .map(([key, value]) => `${oneLine(key)} ${inDigits(value, 6)}`)
    .join(", ");
}
