import type { Issue } from "../errors.ts";

/** An {@link Issue} whose place is still a list of keys, so that findings can be compared by place. */
export interface Finding extends Omit<Issue, "path"> {
  readonly path: Path;
}

export type Path = readonly string[];

/** @param base the dotted path of what was searched, "" for the whole document. */
export function toIssue(finding: Finding, base = ""): Issue {
  const path = [...(base === "" ? [] : [base]), ...finding.path].join(".");
  return { ...finding, path };
}

/** A hint that is left out when there is nothing to say. */
export function withHint(finding: Finding, hint: string | undefined): Finding {
  return hint === undefined ? finding : { ...finding, hint };
}
