import { spawnSync } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { spec, TRAIN, TestFolder } from "./cli.ts";

/** The live view in a real pseudo-terminal, which Python's standard library can make. */

const PTY = `
import fcntl, os, pty, struct, sys, termios
columns, rows = int(sys.argv[1]), int(sys.argv[2])
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    os.execvp(sys.argv[3], sys.argv[3:])
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    os.write(1, data)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

const CURSOR = { hide: "\u001B[?25l", show: "\u001B[?25h" };
const COLOUR = /\u001B\[(?:[1-9]|[39]\d)m/; // eslint-disable-line no-control-regex
const hasPython = spawnSync("python3", ["-c", "import os; os.waitstatus_to_exitcode"]).status === 0;

describe.skipIf(!hasPython)("in a terminal", () => {
  let place: TestFolder;

  beforeEach(() => {
    place = new TestFolder();
    place.write("train.mjs", TRAIN);
    place.write("space.json", spec({ budget: { min: 1, max: 9, unit: "epochs" }, stop: undefined }));
  });

  afterEach(() => place.remove());

  const inTerminal = (
    columns: number,
    env: NodeJS.ProcessEnv,
    ...options: readonly string[]
  ): ReturnType<TestFolder["run"]> => {
    // Node takes a terminal for colourless where CI is set.
    const plain = { TERM: "xterm-256color", NO_COLOR: undefined, FORCE_COLOR: undefined, CI: undefined };
    const pty = [PTY, String(columns), "24"];
    return place.run(["study", "start", "space.json", ...options], { ...plain, ...env }, pty);
  };

  test("a view is drawn over itself, and a summary stays", async () => {
    const { code, stdout } = await inTerminal(80, {});
    expect(code).toBe(0);
    expect(stdout).toMatch(COLOUR);
    expect(stdout.indexOf(CURSOR.show)).toBeGreaterThan(stdout.indexOf(CURSOR.hide));
    // What is drawn over, as opposed to what stays, stands between these marks.
    const frames = stdout.split("\u001B[?2026h").map((each) => each.split("\u001B[?2026l")[0] ?? "");
    const lines = frames
      .slice(1)
      .flatMap((each) => each.split(/\r?\n/))
      .map((line) => stripVTControlCharacters(line));
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(80);
    expect(lines.some((line) => /^toy {2}curve · minimize loss +running 0:/.test(line))).toBe(true);
    expect(lines.some((line) => /cpu-0 {2}trial \d+ +[━─]+ +\d\/\d epochs/.test(line))).toBe(true);
    const last = stdout.slice(stdout.indexOf(CURSOR.show));
    expect(stripVTControlCharacters(last)).toMatch(
      /toy finished: all 27 trials asked for are done\r\n {2}best {5}trial \d+: loss /,
    );
  });

  test.each([
    ["NO_COLOR", { NO_COLOR: "1" }, []],
    ["--no-color", {}, ["--no-color"]],
  ])("%s leaves the colours out", async (_, env, options) => {
    const { code, stdout } = await inTerminal(60, env, ...options);
    expect(code).toBe(0);
    expect(stdout).toContain(CURSOR.hide);
    expect(stdout).not.toMatch(COLOUR);
  });

  test("a dumb terminal gets plain lines", async () => {
    const { stdout } = await inTerminal(80, { TERM: "dumb" });
    expect(stdout).not.toContain("\u001B");
    expect(stdout).toMatch(/^trial 0 ended: loss/m);
  });
});
