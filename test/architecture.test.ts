import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/**
 * The floors of src/, lowest first. A file imports from lower floors or from its own folder; never upward, never from a
 * folder on the same floor. Type imports count.
 */
const FLOORS: readonly (readonly string[])[] = [
  ["errors.ts"],
  ["numerics", "tfjs", "devices", "files"],
  ["space", "gp", "tpe", "cmaes", "curves", "importance"],
  ["history"],
  ["samplers", "schedulers", "journal", "workers"],
  ["study", "trackers"],
  ["simulation", "views", "exchange"],
  ["dashboard", "report"],
  ["cli", "index.ts"],
];

const src = fileURLToPath(new URL("../src", import.meta.url));

interface Import {
  readonly from: string;
  readonly to: string;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? filesOf(join(folder, entry.name))
      : entry.name.endsWith(".ts")
        ? [join(folder, entry.name)]
        : [],
  );
}

function importsOf(file: string, text: string): Import[] {
  const specifiers = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g)].map((match) => match[1] as string);
  return specifiers.map((specifier) => ({
    from: relative(src, file),
    to: relative(src, resolve(dirname(file), specifier)),
  }));
}

const roomOf = (path: string): string => path.split("/")[0] as string;
const floorOf = (path: string): number => FLOORS.findIndex((rooms) => rooms.includes(roomOf(path)));

function violations(imports: readonly Import[]): string[] {
  return imports
    .filter(({ from, to }) => roomOf(from) !== roomOf(to) && floorOf(to) >= floorOf(from))
    .map(({ from, to }) => `${from} imports ${to}`);
}

/** The first import cycle among files, type imports included. */
function cycle(imports: readonly Import[]): string[] | undefined {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const to of next.get(file) ?? []) {
      const found = visit(to, [...path, file]);
      if (found !== undefined) return found;
    }
    done.add(file);
    return undefined;
  };
  for (const file of next.keys()) {
    const found = visit(file, []);
    if (found !== undefined) return found;
  }
  return undefined;
}

const imports = filesOf(src).flatMap((file) => importsOf(file, readFileSync(file, "utf8")));

describe("the house", () => {
  it("has a floor for every folder and file of src/, and no other", () => {
    const rooms = readdirSync(src).filter((name) => statSync(join(src, name)).isDirectory() || name.endsWith(".ts"));
    expect(rooms.sort()).toEqual(FLOORS.flat().sort());
  });

  it("has arrows one way", () => {
    expect(violations(imports)).toEqual([]);
  });

  it("has no circle of imports", () => {
    expect(cycle(imports)).toBeUndefined();
  });

  it("would see an upward import, one from a sibling, and a circle, types included", () => {
    const planted = (file: string, text: string): Import[] => importsOf(join(src, file), text);
    expect(violations(planted("space/a.ts", 'import type { B } from "../study/b.ts";'))).toEqual([
      "space/a.ts imports study/b.ts",
    ]);
    expect(violations(planted("samplers/a.ts", 'export { b } from "../schedulers/b.ts";'))).toHaveLength(1);
    expect(violations(planted("space/a.ts", 'const b = await import("../cli/b.ts");'))).toHaveLength(1);
    expect(violations(planted("study/a.ts", 'import { b } from "../space/b.ts";'))).toEqual([]);
    const circle = [
      ...planted("space/a.ts", 'import type { B } from "./b.ts";'),
      ...planted("space/b.ts", 'import { a } from "./a.ts";'),
    ];
    expect(cycle(circle)).toEqual(["space/a.ts", "space/b.ts", "space/a.ts"]);
  });

  it("is told truly by src/README.md", () => {
    const page = readFileSync(join(src, "README.md"), "utf8");
    const told = [...page.matchAll(/^\| `([a-z.]+)\/?` +\|/gm)].map((match) => match[1]);
    expect(new Set(told)).toEqual(new Set(FLOORS.flat()));
    const floors = [...page.matchAll(/^\d\. ((?:`[a-z.]+\/?` ?)+)$/gm)].map((match) =>
      [...(match[1] as string).matchAll(/`([a-z.]+)\/?`/g)].map((name) => name[1]),
    );
    expect(floors).toEqual(FLOORS);
  });
});
