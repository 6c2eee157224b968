import { spawnSync } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { spec, TRAIN, TestFolder } from "./cli.ts";

/** The live view in a real pseudo-terminal, which Python's standard library can make. */

const PTY = `
import fcntl, os, pty, struct, sys, termios
# Sizes such as 80x24, each from the first frame on that is whole in the one before.
sizes = [[int(each) for each in size.split("x")] for size in sys.argv[1].split(",")]
def resize(terminal, size):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
pid, terminal = pty.fork()
if pid == 0:
    resize(0, sizes[0])
    os.execvp(sys.argv[2], sys.argv[2:])
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:
        break
    if not data:
        break
    os.write(1, data)
    if b"\\x1b[?2026l" in data and len(sizes) > 1:
        sizes.pop(0)
        resize(terminal, sizes[0])
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

const CURSOR = { hide: "\u001B[?25l", show: "\u001B[?25h" };
const SCREEN = { on: "\u001B[?1049h", off: "\u001B[?1049l" };
const COLOUR = /\u001B\[(?:[1-9]|[39]\d)m/; // eslint-disable-line no-control-regex
/** The lines of each frame; what is drawn, as opposed to what stays, stands between these marks. */
function framesOf(stdout: string): readonly (readonly string[])[] {
  return stdout
    .split("\u001B[?2026h")
    .slice(1)
    .map((each) => stripVTControlCharacters(each.split("\u001B[?2026l")[0] ?? "").split(/\r?\n/));
}

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
    sizes: string,
    env: NodeJS.ProcessEnv,
    ...options: readonly string[]
  ): ReturnType<TestFolder["run"]> => {
    // Node takes a terminal for colourless where CI is set.
    const plain = { TERM: "xterm-256color", NO_COLOR: undefined, FORCE_COLOR: undefined, CI: undefined };
    const pty = [PTY, sizes];
    return place.run(["study", "start", "space.json", ...options], { ...plain, ...env }, pty);
  };

  test("a view is drawn over itself, and a summary stays", async () => {
    const { code, stdout } = await inTerminal("80x24", {});
    expect(code).toBe(0);
    expect(stdout).toMatch(COLOUR);
    expect(stdout.indexOf(CURSOR.show)).toBeGreaterThan(stdout.indexOf(CURSOR.hide));
    const lines = framesOf(stdout).flat();
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(80);
    expect(lines.some((line) => /^toy {2}curve · minimize loss +running 0:/.test(line))).toBe(true);
    expect(lines.some((line) => /cpu-0 {2}trial \d+ +[━─]+ +\d\/\d epochs/.test(line))).toBe(true);
    const last = stdout.slice(stdout.indexOf(CURSOR.show));
    expect(stripVTControlCharacters(last)).toMatch(
      /toy finished: all 27 trials asked for are done\r\n {2}best {5}trial \d+: loss /,
    );
  });

  test("a frame after a resize has the new size, and nothing stays of the one before", async () => {
    const { code, stdout } = await inTerminal("80x24,40x10", {});
    expect(code).toBe(0);
    const frames = framesOf(stdout);
    expect(stringWidth(frames[0]?.[0] ?? "")).toBe(80);
    const last = frames.at(-1) ?? [];
    expect(last.length).toBeLessThanOrEqual(10);
    for (const line of last) expect(stringWidth(line)).toBeLessThanOrEqual(40);
    // Each frame begins at the top and clears what is below it, on a screen that is given back.
    expect(stdout.split("\u001B[?2026h\u001B[H")).toHaveLength(frames.length + 1);
    expect(stdout.split("\u001B[J\u001B[?2026l")).toHaveLength(frames.length + 1);
    expect(stdout.indexOf(SCREEN.off)).toBeGreaterThan(stdout.lastIndexOf("\u001B[?2026l"));
    expect(stdout.indexOf(SCREEN.on)).toBeLessThan(stdout.indexOf("\u001B[?2026h"));
  });

  test.each([
    ["NO_COLOR", { NO_COLOR: "1" }, []],
    ["--no-color", {}, ["--no-color"]],
  ])("%s leaves the colours out", async (_, env, options) => {
    const { code, stdout } = await inTerminal("60x24", env, ...options);
    expect(code).toBe(0);
    expect(stdout).toContain(CURSOR.hide);
    expect(stdout).not.toMatch(COLOUR);
  });

  test("a dumb terminal gets plain lines", async () => {
    const { stdout } = await inTerminal("80x24", { TERM: "dumb" });
    expect(stdout).not.toContain("\u001B");
    expect(stdout).toMatch(/^trial 0 ended: loss/m);
  });
});
