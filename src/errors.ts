/** What can be wrong with the input or the world. Outcomes of trials are data, not exceptions. */

/** Stable codes of {@link HpoError}: programs may branch on them. */
export const ERROR_CODES = [
  "invalid-spec",
  "invalid-argument",
  "study-exists",
  "study-not-found",
  "study-locked",
  "gpu-held",
  "slots-unusable",
  "journal-damaged",
  "journal-unwritable",
  "system",
  "would-wait",
  "not-supported",
  "run-closed",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Any error that the engine raises on purpose. Its text says what was expected, what came, and what to do. */
export class HpoError extends Error {
  override readonly name: string = "HpoError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** One thing wrong with a spec, a configuration or an option. */
export interface Issue {
  /** Where, as a dotted JSON path such as `parameters.learningRate.low`; "" is the whole document. */
  readonly path: string;
  readonly expected: string;
  readonly received: string;
  /** What to do about it, for instance the nearest right word. */
  readonly hint?: string;
}

/** Bad input with all of its problems at once. */
export class InvalidSpecError extends HpoError {
  override readonly name = "InvalidSpecError";
  readonly issues: readonly Issue[];

  constructor(subject: string, issues: readonly Issue[]) {
    const count = issues.length === 1 ? "1 problem" : `${issues.length} problems`;
    super("invalid-spec", [`${subject} has ${count}:`, ...issues.map((issue) => `  ${formatIssue(issue)}`)].join("\n"));
    this.issues = issues;
  }
}

/** One line: where, what was expected, what came, and the hint. */
export function formatIssue(issue: Issue): string {
  const where = issue.path === "" ? "(document)" : issue.path;
  const hint = issue.hint === undefined ? "" : ` — ${issue.hint}`;
  return `${where}: expected ${issue.expected}, received ${issue.received}${hint}`;
}
