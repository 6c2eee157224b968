import { chmodSync, mkdirSync, symlinkSync, truncateSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { objectiveCode } from "../../src/study/objective-code.ts";
import { spec, TestFolder } from "./cli.ts";

const place = new TestFolder();
afterAll(() => place.remove());

const command = (...argv: string[]): object => ({ objective: { command: argv }, stop: { trials: 2 } });
const PRINTS = `echo '{"loss": 1}'`;

describe("words of a command that are no files", () => {
  place.write("file", "");
  mkdirSync(`${place.folder}/folder`);
  symlinkSync("loop", `${place.folder}/loop`);
  symlinkSync("nowhere", `${place.folder}/dangling`);
  place.write("image.sif", "");
  truncateSync(`${place.folder}/image.sif`, 3 * 2 ** 30);

  it.each([
    ["a name that is too long", `${PRINTS} # ${"x".repeat(300)}`],
    ["a path that is too long", `${PRINTS} # ${"x/".repeat(4_000)}`],
    ["a loop of links", "loop"],
    ["a link to nothing", "dangling"],
    ["a path below a file", "file/below"],
    ["a folder", "folder"],
    ["a device that never ends", "/dev/zero"],
    ["a file of 3 GB", "image.sif"],
  ])("may be %s", async (name, word) => {
    place.write("space.json", spec({ name: name.replaceAll(" ", "-"), ...command("sh", "-c", PRINTS, word, "{lr}") }));
    expect(await place.run(["study", "start", "space.json", "--quiet"])).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("the code of a command", () => {
  const hash = (...argv: string[]): string | null =>
    objectiveCode({ kind: "command", argv, cwd: place.folder, pattern: null }, null).hash;
  const script = place.write("train.sh", PRINTS);
  place.write("binary", "\u0000\u0001");
  place.write("data.csv", "1,2\n");

  it("is its first file of text, else the program", () => {
    const expected = hash(script);
    expect(expected).toMatch(/^[0-9a-f]{16}$/);
    expect(hash("sh", "train.sh", "data.csv")).toBe(expected);
    expect(hash("./binary", "image.sif", "--quiet", "train.sh")).toBe(expected);
    expect(hash("./binary", "image.sif")).toMatch(/^[0-9a-f]{16}$/);
    expect(hash("sh", "binary")).toBeNull();
    expect(hash("sh", "-c", PRINTS, "image.sif", "folder")).toBeNull();
  });

  it.skipIf(process.getuid?.() === 0)("is unknown, and said to be, where it may not be read", () => {
    const secret = place.write("secret.sh", PRINTS);
    chmodSync(secret, 0o311);
    const code = objectiveCode({ kind: "command", argv: ["./secret.sh"], cwd: place.folder, pattern: null }, null);
    expect(code).toEqual({ hash: null, problem: expect.stringContaining("secret.sh cannot be read: EACCES") });
  });
});
