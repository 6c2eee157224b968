import { HpoError } from "../errors.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { Output } from "./output.ts";
import { parseQuickly } from "./parse-quickly.ts";
import { readValues } from "./read-values.ts";
import { reportError } from "./report-error.ts";

/**
 * Words in, one call, words out.
 *
 * @param argv without node and the program's own path
 */
export async function runCli(argv: readonly string[], output: Output): Promise<ExitCode> {
  try {
    assertPlatform();
    const plan = (await parseQuickly(argv)) ?? (await parseAtLength(argv, output));
    return typeof plan === "number" ? plan : await plan.command.run(readValues(plan), output);
  } catch (error) {
    return reportError(error, output);
  }
}

async function parseAtLength(argv: readonly string[], output: Output) {
  const { parseWithHelp } = await import("./parse-with-help.ts");
  return parseWithHelp(argv, output);
}

function assertPlatform(): void {
  if (process.platform === "linux" || process.platform === "darwin") return;
  throw new HpoError(
    "not-supported",
    `expected Linux or macOS, this is ${process.platform}, which is not supported yet: run hpo in a Linux container or in WSL`,
  );
}
