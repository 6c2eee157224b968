import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "./pages.ts";

it("docs/cli.md is what the commands say of themselves", () => {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "scripts/cli-page.mjs"), "--check"], {
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});
