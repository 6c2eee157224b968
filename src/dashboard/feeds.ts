import { statSync } from "node:fs";
import { join } from "node:path";
import { trialFolder } from "../study/study-folder.ts";
import type { TrialDetail } from "../views/payload.ts";
import { trialDetail } from "../views/trial-detail.ts";
import type { Feed, Message } from "./live-events.ts";
import type { Studies } from "./studies.ts";
import type { WatchedStudy } from "./watched-study.ts";

/** How often a trial's logs are looked at while somebody watches them, in milliseconds. */
const LOOK = 500;

/** The list of studies, whenever it has changed. */
export function studiesFeed(studies: Studies): Feed {
  let sent = "";
  return {
    next: () => {
      const data = JSON.stringify({ studies: studies.list() });
      if (data === sent) return undefined;
      sent = data;
      return { event: "studies", data };
    },
    listen: (wake) => studies.listen(wake),
  };
}

/** What changed in a study, at first since the event `since`. */
export function changesFeed(study: WatchedStudy, since: number): Feed {
  let known = since;
  let { epoch } = study;
  let version = "";
  return {
    next: () => {
      if (study.gone) return null;
      if (study.version === version || (study.problem === undefined && study.fold.seq < 0)) return undefined;
      version = study.version;
      if (study.problem !== undefined) return problemMessage(study.problem);
      if (study.epoch !== epoch) known = -1;
      const changes = study.changesSince(known);
      known = changes.seq;
      epoch = study.epoch;
      return { event: "changes", id: String(changes.seq), data: JSON.stringify(changes) };
    },
    listen: (wake) => study.listen(wake),
  };
}

/** One trial's page, whenever something of it or the end of its logs has changed. */
export function detailFeed(study: WatchedStudy, directory: string, number: number): Feed {
  const read = detailReader(study, directory, number);
  let sent = "";
  return {
    next: () => {
      const detail = study.gone ? undefined : read();
      if (detail === undefined) return null;
      const data = JSON.stringify(detail);
      if (data === sent) return undefined;
      sent = data;
      return { event: "detail", data };
    },
    listen: (wake) => {
      const stop = study.listen(wake);
      const timer = setInterval(wake, LOOK);
      return () => {
        stop();
        clearInterval(timer);
      };
    },
  };
}

/** Reads the logs again only when they have changed. */
function detailReader(study: WatchedStudy, directory: string, number: number): () => TrialDetail | undefined {
  let mark = "";
  let detail: TrialDetail | undefined;
  return () => {
    const folder = trialFolder(study.folder, number);
    const now = `${study.epoch} ${study.fold.seqOf(number)} ${markOf(join(folder, "stdout.log"))} ${markOf(join(folder, "stderr.log"))}`;
    if (now !== mark) detail = trialDetail(study.fold, study, directory, number);
    mark = now;
    return detail;
  };
}

function markOf(file: string): string {
  try {
    const { size, mtimeMs } = statSync(file);
    return `${size} ${mtimeMs}`;
  } catch {
    return "-";
  }
}

function problemMessage(problem: string): Message {
  return { event: "problem", data: JSON.stringify({ problem }) };
}
