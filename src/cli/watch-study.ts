import { watchFolder } from "../dashboard/watch-folder.ts";
import { HpoError } from "../errors.ts";
import type { EventOf, SessionStarted } from "../history/events.ts";
import { History } from "../history/history.ts";
import { JournalFollower } from "../journal/follow-journal.ts";
import { journalFile, type LoadedStudy, loadStudy } from "../study/study-folder.ts";
import { commandLine } from "../views/command-line.ts";
import { isRunning, restingState } from "../views/study-state.ts";
import type { Output } from "./output.ts";
import type { Reporter, SlotName } from "./reporter.ts";
import type { Ending } from "./text/ending.ts";

/** Milliseconds between two looks, where nothing wakes it: a killed coordinator writes no last line. */
const LOOK = 1_000;

export interface WatchOptions {
  readonly name: string;
  /** As the user gave it. */
  readonly directory: string;
  /** Ends the watching, not the study. */
  readonly signal: AbortSignal;
}

/**
 * Tells a study that another process runs, as that process would, from the start of its session until that ends. A study that
 * nobody runs is told by its end.
 *
 * @throws HpoError "study-not-found", "journal-damaged"
 */
export async function watchStudy({ name, directory, signal }: WatchOptions, output: Output): Promise<void> {
  let session = -1;
  let lastAt = 0;
  const loaded = loadStudy(directory, name, {
    each: (event) => {
      if (event.type === "session-started") session = event.seq;
      lastAt = event.at;
    },
  });
  if (isOver(loaded.history) || !isRunning(loaded.folder)) {
    const { endingLines } = await import("./text/ending.ts");
    for (const line of endingLines(endingOf(loaded, directory, lastAt))) output.out(line);
    return;
  }
  const createReporter = await reporterFor(output);
  let reporter: Reporter | undefined;
  let history = new History();
  const follower = new JournalFollower(journalFile(loaded.folder), {
    begin: () => {
      history = new History();
      reporter?.close();
      reporter = undefined;
    },
    event: (event) => {
      history.apply(event);
      lastAt = event.at;
      if (event.seq < session) return;
      if (event.type === "session-started") {
        reporter?.close();
        reporter = createReporter(history, event);
      } else reporter?.event(event);
    },
  });
  const wakes = new Wakes(loaded.folder);
  let askedAt = performance.now();
  try {
    for (let runs = true; !signal.aborted; await wakes.next(signal)) {
      // Asked before it is read: what a coordinator wrote before it left is told.
      if (performance.now() >= askedAt + LOOK) {
        runs = isRunning(loaded.folder);
        askedAt = performance.now();
      }
      wakes.clear();
      const progress = follower.read(Infinity);
      if (progress === "absent") throw goneError(name, loaded.folder);
      if (progress === "end" && (isOver(history) || !runs)) {
        reporter?.end(endingOf({ ...loaded, history }, directory, lastAt));
        return;
      }
    }
  } finally {
    reporter?.close();
    wakes.close();
  }
  if (output.isTerminal)
    output.out(`watch ${name} again with: ${commandLine("study show", [name, "--watch"], directory)}`);
}

async function reporterFor(
  output: Output,
): Promise<(history: History, session: EventOf<"session-started">) => Reporter> {
  if (!output.isTerminal) {
    const { lineReporter } = await import("./reporters/line-reporter.ts");
    return (history, session) => lineReporter(output, history, slotsOf(session));
  }
  const { liveReporter } = await import("./live/live-reporter.ts");
  return (history, session) =>
    liveReporter(output, history, slotsOf(session), "Ctrl-C ends the watching; the study goes on");
}

function slotsOf({ slots = [] }: SessionStarted): readonly SlotName[] {
  return slots.map(({ name, gpus }) => ({ kind: gpus.length === 0 ? "cpu" : "gpu", slot: name }));
}

function isOver(history: History): boolean {
  return history.finished !== undefined || history.sessionEnded;
}

function endingOf(
  { history, folder }: Pick<LoadedStudy, "history" | "folder">,
  directory: string,
  lastAt: number,
): Ending {
  const state = restingState(history);
  const { reason = "", failed = false } = history.finished ?? {};
  const time = Math.max(0, lastAt - history.sessionAt);
  return { history, state: state === "interrupted" ? state : "finished", reason, failed, folder, directory, time };
}

function goneError(name: string, folder: string): HpoError {
  return new HpoError(
    "study-not-found",
    `expected to go on reading study "${name}", but its journal in ${folder} is gone`,
  );
}

/** Wakes when something in a folder changes, or after a while. */
class Wakes {
  readonly #watcher: ReturnType<typeof watchFolder>;
  #hasChanged = false;
  #wake: () => void = () => {};

  constructor(folder: string) {
    this.#watcher = watchFolder(folder, () => {
      this.#hasChanged = true;
      this.#wake();
    });
  }

  /** What has changed until now is seen. */
  clear(): void {
    this.#hasChanged = false;
  }

  next(signal: AbortSignal): Promise<void> {
    if (this.#hasChanged || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", wake);
        this.#wake = () => {};
        resolve();
      };
      const timer = setTimeout(wake, LOOK);
      signal.addEventListener("abort", wake);
      this.#wake = wake;
    });
  }

  close(): void {
    this.#watcher?.close();
  }
}
