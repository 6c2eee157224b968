import type { Study } from "../study.ts";
import type { Theme } from "../view-props.ts";

interface Props {
  readonly studies: readonly Study[];
  readonly by: "trials" | "time";
  readonly theme: Theme;
}

/** The best so far of each study. */
export function ComparisonChart({ studies }: Props) {
  return <p>{studies.length} studies</p>;
}
