/** The source of a trial whose parameters another tool chose, before its study was imported. */
export const IMPORTED = "imported";

/** Whether a sampler of the study chose the parameters. Otherwise a user did, or another tool. */
export function isSampled(source: string): boolean {
  return source !== "enqueued" && source !== IMPORTED;
}
