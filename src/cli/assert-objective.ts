import { InvalidSpecError } from "../errors.ts";
import { readDocument } from "../space/read-spec.ts";
import { folderOf, specIssues } from "../study/resolve.ts";

/**
 * A program may drive a study without an objective; the command line cannot.
 *
 * @throws InvalidSpecError with every problem of the spec
 */
export function assertObjective(file: string): void {
  const document = readDocument(file);
  if (typeof document !== "object" || document === null || "objective" in document) return;
  const missing = {
    path: "objective",
    expected: '{ "module": "./train.js" } or { "command": ["python3", "train.py", "--lr", "{lr}"] }',
    received: "nothing",
  };
  throw new InvalidSpecError(file, [...specIssues(document, folderOf(file)), missing]);
}
