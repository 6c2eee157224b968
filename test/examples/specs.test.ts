import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readDocument } from "../../src/space/read-spec.ts";
import { specIssues } from "../../src/study/resolve.ts";

const folder = fileURLToPath(new URL("../../search-spaces", import.meta.url));
const specs = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith("space.json"));

describe("the examples' specs", () => {
  it("are there", () => expect(specs.length).toBeGreaterThanOrEqual(4));

  it.each(specs)("%s has no problem", (file) => {
    expect(specIssues(readDocument(join(folder, file)), dirname(join(folder, file)))).toEqual([]);
  });
});
