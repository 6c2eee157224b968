import type { MessagePort } from "node:worker_threads";
import type { Device } from "../devices/gpu.ts";
import type { Slot } from "../devices/slot.ts";
import type { TrialLimits } from "../history/settings.ts";
import type { CheckpointSize } from "./checkpoint-folder.ts";
import type { Decision, RunOrder } from "./dispatcher.ts";
import type { Told, ToldMetrics, ToldOutcome } from "./told.ts";

/**
 * What crosses between coordinator, slot thread, launcher and trial host. Reports climb the chain unchanged and answers
 * descend it, matched by `id`. Only one run is open on a slot, and each channel keeps its order, so a message belongs to
 * the run that is open where it arrives.
 */

/** What a command is told of its study. */
export interface CommandFacts {
  /** Names of the parameters whose values are no integers by nature. */
  readonly floats?: readonly string[];
  /** Of the study's budget; null where it has none, and the program itself knows how long to train. */
  readonly unit?: string | null;
}

/** The kinds of objective that run in processes of their own. */
export type ProcessObjective =
  | { readonly kind: "module"; readonly path: string }
  | ({
      readonly kind: "command";
      readonly argv: readonly (string | readonly string[])[];
      readonly cwd: string;
      readonly pattern: string | null;
    } & CommandFacts);

/** A run with its folders made definite. */
export interface ProcessOrder extends RunOrder {
  /** `<trial directory>/checkpoint`, absolute, or a temporary folder for a study in memory. */
  readonly checkpoints: string;
}

/** What a launcher serves: the first message to it. */
export interface LauncherSetup {
  /** Marks the objective's processes, in their environment. */
  readonly studyId: string;
  readonly objective: ProcessObjective;
  readonly metric: string;
  readonly limits: TrialLimits;
  readonly device: Device;
  /** Changes the environment of the objective's processes; the launcher itself, which may start earlier, has none of it. */
  readonly pin: Slot["environment"];
  /** The user's NODE_OPTIONS, kept from the launcher and given to the objective. */
  readonly nodeOptions: string | null;
  /** What Node.js was told when the study's process was started, such as a loader. */
  readonly execArgv?: readonly string[];
}

/** What a slot's thread knows from its start (`workerData`). */
export interface ThreadData {
  /** Two process ids that outlive the thread: the launcher's, and that of the objective's process group (0: none). */
  readonly pids: Int32Array;
  /** Marks the launcher. */
  readonly studyId: string;
  /** Marks it as one of this coordinator's. */
  readonly session: string;
}

/** What a slot serves: the first task of its thread. */
export interface SlotSetup extends Omit<LauncherSetup, "nodeOptions" | "execArgv"> {
  /** Milliseconds that a launcher may be silent while it is asked. */
  readonly silence: number;
}

export type SlotTask =
  | { readonly type: "setup"; readonly setup: SlotSetup }
  | { readonly type: "run"; readonly order: ProcessOrder; readonly port: MessagePort }
  | { readonly type: "close" };

/** From the objective to the coordinator. */
export type Call =
  | { readonly type: "report"; readonly id: number; readonly step: Told; readonly metrics: ToldMetrics }
  | ({ readonly type: "checkpoint"; readonly id: number; readonly step: number } & CheckpointSize);

/**
 * From the coordinator to the objective; a checkpoint's `error` is null once it is journalled, and `oldest` is then the step
 * of the first checkpoint that may still be needed.
 */
export type Answer =
  | { readonly type: "decision"; readonly id: number; readonly decision: Decision }
  | { readonly type: "checkpointed"; readonly id: number; readonly oldest: number; readonly error: string | null }
  | { readonly type: "stop"; readonly reason: string };

/** The last word of a run, from the launcher to the coordinator. */
export interface Ended {
  readonly type: "ended";
  readonly outcome: ToldOutcome;
}

export type FromRun = Call | Ended;

/** `ask` is answered by `awake`. */
export type ToLauncher = { readonly type: "run"; readonly order: ProcessOrder } | { readonly type: "ask" } | Answer;

/**
 * `ready`: it can serve runs. `group`: the objective's process group, as soon as there is one, and 0 when it is gone.
 */
export type FromLauncher =
  FromRun | { readonly type: "ready" } | { readonly type: "awake" } | { readonly type: "group"; readonly pid: number };

/** `endMark` is written to both streams after the run's last output. */
export type ToHost = { readonly type: "run"; readonly order: ProcessOrder; readonly endMark: string } | Answer;

/** What a trial host knows from its start (its only argument, as JSON). */
export interface HostSetup {
  readonly device: Device;
  readonly path: string;
  readonly metric: string;
  /** Bytes; null is no limit. */
  readonly memory: number | null;
}

/**
 * `awake` comes first, before any code of the objective. `result` is what the objective gave. `settled` follows once its last output is written; `clean` says that the run left
 * nothing behind in the host that a later run could notice.
 */
export type FromHost =
  | Call
  | { readonly type: "awake" }
  | { readonly type: "result"; readonly outcome: ToldOutcome }
  | { readonly type: "settled"; readonly clean: boolean };
