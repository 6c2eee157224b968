/** The public face of `hpo`: everything that a program may import. */

// Studies: create one, resume one, run it or drive it.
export { createStudy, resumeStudy } from "./study/create-study.ts";
export type { InlineStudyOptions, Objective, ResumeStudyOptions, SpecStudyOptions } from "./study/create-study.ts";
export type { IfExists } from "./study/existing-study.ts";
export type { AskedTrial, BestTrial, Study, StudyResult, StudyRun, TellResult } from "./study/study.ts";

// What a study records, as it comes.
export { followStudy } from "./study/follow-study.ts";
export type { FollowStudyOptions } from "./study/follow-study.ts";

// What another scheduler would have made of a study.
export { simulateStudy } from "./simulation/simulate-study.ts";
export type { SimulateStudyOptions } from "./simulation/simulate-study.ts";
export type {
  BestValue,
  Fate,
  RecordedTotals,
  SimulatedTrial,
  Simulation,
  StudySimulation,
  Totals,
} from "./simulation/simulation.ts";

// What an objective sees.
export type { Device, DeviceGpu } from "./devices/gpu.ts";
export type { ObjectiveFunction, ObjectiveReport, ObjectiveResult, ObjectiveTrial } from "./workers/trial.ts";
export type { Decision } from "./workers/dispatcher.ts";

// What a spec says.
export type { StudySpec } from "./space/spec.ts";
export type { Parameter, Parameters, Params, ParamsOf } from "./space/parameter.ts";

// What has happened.
export type { Cause, Metrics, Recorded, StudyEvent } from "./history/events.ts";
export type { Best, HistoryView, ReportView, RunView, TrialState, TrialView } from "./history/view.ts";

// What can be wrong.
export { HpoError, InvalidSpecError } from "./errors.ts";
export type { ErrorCode, Issue } from "./errors.ts";
