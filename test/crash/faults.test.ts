import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

/** A few of the faults and of the changed inputs that `npm run faults` and `npm run fuzz` have many of. */

const root = fileURLToPath(new URL("../..", import.meta.url));

const runProgram = async (program: string, count: number): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, [program, "--count", String(count)], { cwd: root });
  return stdout;
};

it("studies under each kind of fault lose nothing that they told", async () => {
  expect(await runProgram("faults/main.mjs", 30)).toMatch(/^30 faults over \d+ studies, .+; 0 studies wrong$/m);
}, 300_000);

it("parsers take changed input or refuse it in words", async () => {
  expect(await runProgram("fuzz/main.mjs", 2_000)).not.toContain("failed");
}, 300_000);
