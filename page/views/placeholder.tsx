import type { ViewProps } from "../view-props.ts";

/** Stands where a view is not there yet. */
export function Placeholder({ study }: ViewProps) {
  return <p>{study.trials.length} trials</p>;
}
