import { readFileSync } from "node:fs";
import { HpoError, InvalidSpecError } from "../errors.ts";
import { checkParams } from "../space/check-params.ts";
import type { Parameters, Params } from "../space/parameter.ts";
import { createSpace } from "../space/space.ts";

/**
 * Reads a file that holds one configuration, or a list of them.
 *
 * @throws HpoError for a file that cannot be read, InvalidSpecError with every problem of the configurations
 */
export function readParams(file: string, parameters: Parameters): readonly Params[] {
  const document = readJson(file);
  const space = createSpace(parameters);
  const list = Array.isArray(document) ? document : [document];
  const issues = list.flatMap((params, index) =>
    checkParams(space, params, Array.isArray(document) ? String(index) : ""),
  );
  if (issues.length > 0) throw new InvalidSpecError(file, issues);
  return list as readonly Params[];
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new HpoError(
      "invalid-argument",
      `${file}: expected a JSON file with parameters, but it cannot be read: ${(cause as Error).message}`,
      { cause },
    );
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
  } catch (cause) {
    throw new HpoError("invalid-argument", `${file}: expected JSON, received: ${(cause as Error).message}`, { cause });
  }
}
