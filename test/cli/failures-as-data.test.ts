import { execFileSync } from "node:child_process";
import { appendFileSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { spec, TestFolder } from "./cli.ts";

const place = new TestFolder();
afterAll(() => place.remove());

const FAILS = `
if [ -e good ]; then echo "{\\"loss\\": $1}"; exit 0; fi
echo "cannot open shard $HPO_TRIAL with $MY_API_KEY" >&2
exit 2
`;

const git = (...words: readonly string[]): string =>
  execFileSync("git", ["-C", place.folder, "-c", "user.name=t", "-c", "user.email=t@example.org", ...words], {
    encoding: "utf8",
  }).trim();

describe("a failed trial", () => {
  it("is shown with those that failed alike, what differs, and the commit; no secret is in the journal", async () => {
    place.write("train.sh", FAILS);
    git("init", "--quiet");
    git("add", "train.sh");
    git("commit", "--quiet", "--message", "first");
    const first = git("rev-parse", "HEAD");
    place.write("good", "");
    const shell = { objective: { command: ["sh", "train.sh", "{lr}"] }, strategy: "random", stop: { trials: 2 } };
    place.write("space.json", spec({ name: "alike", ...shell }));
    const secret = { MY_API_KEY: "very-secret-value" };
    expect(await place.run(["study", "start", "space.json"], secret)).toMatchObject({ code: 0 });

    rmSync(join(place.folder, "good"));
    appendFileSync(join(place.folder, "train.sh"), "# changed\n");
    await place.run(["study", "resume", "alike", "--trials", "4"], secret);
    const { stdout } = await place.run(["trial", "show", "alike", "2"]);
    expect(stdout).toContain("why it failed (exit): left with code 2: cannot open shard 2 with (value of MY_API_KEY)");
    expect(stdout).toContain("2 of 2 failed trials failed alike: 2, 3");
    expect(stdout).toMatch(
      /^different: objective's code [0-9a-f]{16}, which was [0-9a-f]{16} for trial 1, the last to complete$/m,
    );
    const short = first.slice(0, 12);
    expect(stdout).toContain(`different: commit ${short}, with changes, which was ${short} for trial 1`);
    const shown = await place.json("trial", "show", "alike", "3");
    expect(shown).toMatchObject({
      cause: { kind: "exit" },
      similar: { trials: [2, 3], failed: 2 },
      runs: [{ code: { commit: first, dirty: true } }],
    });
    expect(readFileSync(join(place.folder, "studies", "alike", "journal.jsonl"), "utf8")).not.toContain("very-secret");
  });
});
