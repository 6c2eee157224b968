import { checkDistinct } from "./check-parameter.ts";
import { isValidValue } from "./decode.ts";
import { describeDomain, describeValue, listNames } from "./describe.ts";
import { type Finding, withHint } from "./finding.ts";
import { didYouMean } from "./nearest.ts";
import type { Parameter, Parameters } from "./parameter.ts";
import type { Sound } from "./sound.ts";

/**
 * What is wrong with the `when` of every parameter, at paths relative to `parameters`.
 *
 * @param whole the parameters that have no findings of their own: only their values are known.
 */
export function checkConditions(parameters: Sound<Parameters>, whole: Parameters): Finding[] {
  const names = Object.keys(parameters);
  const conditions = names.flatMap((name) =>
    Object.entries(parameters[name]?.when ?? {}).map(([parent, values]) => ({ name, parent, values: values ?? [] })),
  );
  return [
    ...conditions.flatMap(({ name, parent, values }) => {
      const path = [name, "when", parent];
      const wrongParent = checkParent(path, name, parent, parameters);
      if (wrongParent !== undefined) return [wrongParent];
      const known = Object.hasOwn(whole, parent) ? whole[parent] : undefined;
      return [...checkDistinct(values, path), ...(known === undefined ? [] : checkValues(path, values, known))];
    }),
    ...findCycles(parameters),
  ];
}

function checkParent(
  path: readonly string[],
  name: string,
  parent: string,
  parameters: Sound<Parameters>,
): Finding | undefined {
  const received = JSON.stringify(parent);
  if (parent === name)
    return { path, expected: "another parameter", received, hint: "a parameter cannot depend on itself" };
  if (!Object.hasOwn(parameters, parent)) {
    const others = Object.keys(parameters).filter((each) => each !== name);
    const expected = others.length === 0 ? "another parameter" : `one of the parameters ${listNames(others)}`;
    return withHint({ path, expected, received }, didYouMean(parent, others));
  }
  if (parameters[parent]?.type !== "float") return undefined;
  return { path, expected: "a categorical, ordinal or int parameter", received: `${received}, which is a float` };
}

function checkValues(path: readonly string[], values: readonly unknown[], parent: Parameter): Finding[] {
  return [...values.entries()].flatMap(([index, value]) => {
    if (value === undefined || isValidValue(parent, value)) return [];
    const impossible = {
      path: [...path, String(index)],
      expected: describeDomain(parent),
      received: describeValue(value),
    };
    return [withHint(impossible, didYouMean(value, wordsOf(parent)))];
  });
}

function wordsOf(parameter: Parameter): string[] {
  const values: readonly unknown[] =
    parameter.type === "categorical" ? parameter.choices : parameter.type === "ordinal" ? parameter.values : [];
  return values.filter((value) => typeof value === "string");
}

/** One finding per condition that leads back to where it came from, in depth-first order. */
function findCycles(parameters: Sound<Parameters>): Finding[] {
  const parentsOf = (name: string): string[] =>
    Object.keys(parameters[name]?.when ?? {}).filter((parent) => parent !== name && Object.hasOwn(parameters, parent));
  const findings: Finding[] = [];
  const visited = new Set<string>();
  for (const start of Object.keys(parameters)) {
    if (visited.has(start)) continue;
    visited.add(start);
    const path = [{ name: start, parents: parentsOf(start) }];
    for (let tip = path.at(-1); tip !== undefined; tip = path.at(-1)) {
      const { name } = tip;
      const parent = tip.parents.shift();
      if (parent === undefined) {
        path.pop();
        continue;
      }
      const turn = path.findIndex((step) => step.name === parent);
      if (turn >= 0) {
        findings.push({
          path: [name, "when", parent],
          expected: "conditions that do not lead back to themselves",
          received: [...path.slice(turn).map((step) => step.name), parent].join(" → "),
          hint: "remove one of these conditions",
        });
      } else if (!visited.has(parent)) {
        visited.add(parent);
        path.push({ name: parent, parents: parentsOf(parent) });
      }
    }
  }
  return findings;
}
