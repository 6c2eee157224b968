import type { Issue } from "../errors.ts";
import type { StudySettings } from "../history/settings.ts";
import type { TrackSpec } from "../space/spec.ts";

/** Names MLflow's server where the spec does not. */
const TRACKING_URI = "MLFLOW_TRACKING_URI";

/** What is missing to send a study somewhere. */
export function trackIssues(track: TrackSpec | undefined): readonly Issue[] {
  if (track === undefined || track.mlflow.uri !== undefined) return [];
  const uri = process.env[TRACKING_URI];
  if (uri !== undefined && /^https?:\/\//.test(uri)) return [];
  const received = uri === undefined ? `nothing, and no ${TRACKING_URI}` : `${TRACKING_URI}=${uri}`;
  return [{ path: "track.mlflow.uri", expected: "the address of a server, such as http://127.0.0.1:5000", received }];
}

export function resolveTrack(track: TrackSpec | undefined): Pick<StudySettings, "track"> {
  if (track === undefined) return {};
  // Without either, the spec has an issue.
  const { uri = process.env[TRACKING_URI] ?? "", experiment = "hpo" } = track.mlflow;
  return { track: { mlflow: { uri, experiment } } };
}
