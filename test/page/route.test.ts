import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hrefOf, parseRoute, type Route } from "../../page/route.ts";

const name = fc.string({ minLength: 1, unit: "grapheme" });

const route: fc.Arbitrary<Route> = fc.oneof(
  fc.constant<Route>({ page: "studies" }),
  name.map((study): Route => ({ page: "overview", study })),
  name.map((study): Route => ({ page: "trials", study })),
  fc.tuple(name, name).map(([study, view]): Route => ({ page: "view", study, view })),
  fc.tuple(name, fc.nat()).map(([study, trial]): Route => ({ page: "trial", study, trial })),
  fc.array(name, { minLength: 1 }).map((studies): Route => ({ page: "compare", studies })),
);

describe("addresses", () => {
  it("lead where they were made for, whatever studies are called", () => {
    fc.assert(
      fc.property(route, (each) => {
        expect(parseRoute(hrefOf(each))).toEqual(each);
      }),
    );
  });

  it.each(["", "#", "#/", "/"])("%j is the list of studies", (hash) => {
    expect(parseRoute(hash)).toEqual({ page: "studies" });
  });

  it.each([
    "#/study",
    "#/study/",
    "#/compare",
    "#/study/a/b",
    "#/study/a/trial/x",
    "#/study/a/trial/1/2",
    "#/study/%E0%A4%A",
  ])("%j leads nowhere", (hash) => {
    expect(parseRoute(hash)).toEqual({ page: "unknown", address: hash });
  });
});
