import type { Study } from "../study/study.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import type { Interruption } from "./interruption.ts";
import { goOnWithoutWords } from "./lost-words.ts";
import type { Output } from "./output.ts";
import type { Reporter } from "./reporter.ts";

export interface FollowOptions {
  readonly study: Study;
  readonly output: Output;
  readonly json: boolean;
  readonly quiet: boolean;
  /** As the user gave it. */
  readonly directory: string;
  readonly interruption: Interruption;
  /** What to say before the first event. Asked while the first processes start. */
  readonly notes: () => Promise<readonly string[]>;
}

/** Runs a study to its end or interruption, and tells it. Closes the study. */
export async function followStudy(options: FollowOptions): Promise<ExitCode> {
  const { study, directory, interruption, notes } = options;
  const began = performance.now();
  const runsBefore = study.history.runs.length;
  goOnWithoutWords();
  // First of all: the objective's processes start while everything else is loaded.
  const run = study.run({ signal: interruption.signal });
  const events = run[Symbol.asyncIterator]();
  let reporter: Reporter | undefined;
  try {
    reporter = await chooseReporter(options);
    for (const note of await notes()) reporter.note(note);
    await announceInterruption(reporter, options);
    for (let next = await events.next(); next.done !== true; next = await events.next()) reporter.event(next.value);
    const { state, reason, failed, best, trials } = await run;
    const folder = study.folder ?? directory;
    // A study that was over already took the time that it took.
    const idle = study.history.runs.length === runsBefore && study.history.earlierTime > 0;
    const time = idle ? study.history.earlierTime : performance.now() - began;
    reporter.end({ history: study.history, state, reason, failed, folder, directory, time });
    if (state === "interrupted") return EXIT.interrupted;
    // A study without a single result has not done what it was started for.
    return failed || (best === undefined && trials.length > 0) ? EXIT.failed : EXIT.done;
  } finally {
    reporter?.close();
    await study.close();
    interruption.release();
  }
}

async function chooseReporter({ study, output, json, quiet }: FollowOptions): Promise<Reporter> {
  if (quiet) return (await import("./reporters/quiet-reporter.ts")).quietReporter(output, json);
  if (json) return (await import("./reporters/json-reporter.ts")).jsonReporter(output);
  if (output.isTerminal)
    return (await import("./live/live-reporter.ts")).liveReporter(output, study.history, study.slots);
  return (await import("./reporters/line-reporter.ts")).lineReporter(output, study.history, study.slots);
}

async function announceInterruption(reporter: Reporter, options: FollowOptions): Promise<void> {
  const { study, directory, interruption } = options;
  const { commandLine } = await import("../views/command-line.ts");
  const announce = (): void => {
    const open = study.history.openRuns.length;
    const runs = open === 0 ? "" : open === 1 ? ", 1 run is ended" : `, ${open} runs are ended`;
    reporter.interrupting([
      `interrupting: nothing new starts${runs} (Ctrl-C again exits at once)`,
      `go on later with: ${commandLine("study resume", [study.name], directory)}`,
    ]);
  };
  if (interruption.signal.aborted) announce();
  else interruption.signal.addEventListener("abort", announce, { once: true });
}
