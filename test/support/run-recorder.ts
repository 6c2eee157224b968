import type { Decision, Dispatcher, RunListener, RunOrder } from "../../src/workers/dispatcher.ts";
import type { ToldMetrics, ToldOutcome } from "../../src/workers/told.ts";

export interface RecordedReport {
  /** A number in whatever is tested here. */
  readonly step: number;
  readonly metrics: ToldMetrics;
}

/** A listener that keeps everything it was told. */
export interface RunRecorder extends RunListener {
  readonly reports: RecordedReport[];
  readonly checkpoints: number[];
  readonly outcomes: ToldOutcome[];
  /** The first outcome. */
  readonly outcome: Promise<ToldOutcome>;
}

export interface RecorderOptions {
  /** Answers a report. @default always continue */
  readonly decide?: (report: RecordedReport) => Decision;
  /** Stands for the journal, which needs no checkpoint before this one. @default resolves at once */
  readonly checkpointed?: (step: number) => Promise<void>;
}

export function recordRun(options: RecorderOptions = {}): RunRecorder {
  let resolve: (outcome: ToldOutcome) => void = () => {};
  const recorder: RunRecorder = {
    reports: [],
    checkpoints: [],
    outcomes: [],
    outcome: new Promise((done) => (resolve = done)),
    reported(told, metrics) {
      const step = told as number;
      recorder.reports.push({ step, metrics });
      return options.decide?.({ step, metrics }) ?? { action: "continue" };
    },
    async checkpointed(step) {
      recorder.checkpoints.push(step);
      await options.checkpointed?.(step);
      return step;
    },
    ended(said) {
      // As the study takes it: what was reported stands for a result without the metric.
      const last = recorder.reports.findLast(({ metrics }) => "loss" in metrics)?.metrics;
      const isSilent = said.kind === "completed" && !("loss" in said.metrics);
      const outcome = isSilent ? { ...said, metrics: { ...last, ...said.metrics } } : said;
      recorder.outcomes.push(outcome);
      resolve(outcome);
    },
  };
  return recorder;
}

export function orderRun(changes: Partial<RunOrder> = {}): RunOrder {
  return {
    run: 0,
    trial: 0,
    attempt: 1,
    slot: "cpu-0",
    params: {},
    budget: 3,
    startStep: 1,
    seed: 7,
    directory: null,
    ...changes,
  };
}

/** Starts one run and waits for its end. */
export async function runToEnd(
  dispatcher: Dispatcher,
  changes: Partial<RunOrder> = {},
  options: RecorderOptions = {},
): Promise<RunRecorder> {
  const recorder = recordRun(options);
  dispatcher.start(orderRun(changes), recorder);
  await recorder.outcome;
  return recorder;
}
