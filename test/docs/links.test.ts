import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PAGES, readPage, ROOT } from "./pages.ts";

describe("the links of", () => {
  it.each(PAGES)("%s lead somewhere", (page) => {
    const dead = readPage(page).links.filter(({ file, fragment }) => {
      if (!existsSync(join(ROOT, file))) return true;
      return fragment !== "" && file.endsWith(".md") && !readPage(file).anchors.has(fragment);
    });
    expect(dead).toEqual([]);
  });
});
