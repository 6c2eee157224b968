import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { readReport } from "../../page/sources/read-report.ts";

const DATA = {
  madeAt: 1,
  words: ["é 🙂 </script>", "\u2028"],
  numbers: Array.from({ length: 50_000 }, (_, i) => 1 / i),
};

function element(type: string, textContent: string): Element {
  return { textContent, getAttribute: () => type } as unknown as Element;
}

it("reads the data of a report as it is, and compressed", async () => {
  const json = JSON.stringify(DATA);
  const expected: unknown = JSON.parse(json);
  const compressed = element("application/gzip", gzipSync(json).toString("base64"));
  expect(await readReport(element("application/json", json))).toEqual(expected);
  expect(await readReport(compressed)).toEqual(expected);
  expect(compressed.textContent).toBe("");
});
