import type { StudyHead, TrialDetail, TrialRow } from "../../src/views/payload.ts";
import type { Theme } from "../view-props.ts";

interface Props {
  readonly row: TrialRow;
  readonly detail: TrialDetail | undefined;
  readonly head: StudyHead;
  readonly theme: Theme;
}

/** What the trial reported, step by step. */
export function TrialCurve({ row }: Props) {
  return <p>{row.curve.length / 2} reports</p>;
}
