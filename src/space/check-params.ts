import type { Issue } from "../errors.ts";
import { isActive } from "./activity.ts";
import { isValidValue } from "./decode.ts";
import { describeAlternatives, describeDomain, describeValue, listNames } from "./describe.ts";
import { type Finding, toIssue, withHint } from "./finding.ts";
import { createGrid } from "./grid.ts";
import { isRecord } from "./is-record.ts";
import { didYouMean } from "./nearest.ts";
import type { Parameter, Params } from "./parameter.ts";
import type { Space } from "./space.ts";

/**
 * Everything that is wrong with a configuration which a person wrote, in the order written; what is missing comes last.
 *
 * @param params may be anything.
 * @param path where `params` stands, such as `enqueue.0`; "" when it is the whole document.
 * @returns empty when every active parameter, and nothing else, has a valid value.
 */
export function checkParams(space: Space, params: unknown, path: string): Issue[] {
  return findParamsProblems(space, params, new Set()).map((finding) => toIssue(finding, path));
}

/**
 * The problems behind {@link checkParams}, at paths relative to `params`.
 *
 * @param undecided names that exist, but about which nothing can be said; `space` lacks them.
 */
export function findParamsProblems(space: Space, params: unknown, undecided: ReadonlySet<string>): Finding[] {
  if (!isRecord(params)) {
    return [
      { path: [], expected: "an object with a value for each active parameter", received: describeValue(params) },
    ];
  }
  const valid = validPart(space, params);
  return [
    ...Object.keys(params)
      .filter((name) => params[name] !== undefined && !undecided.has(name))
      .flatMap((name) => checkGiven(space, name, params[name], valid)),
    ...Object.keys(space.parameters)
      .filter((name) => !Object.hasOwn(params, name) || params[name] === undefined)
      .flatMap((name) => checkMissing(space, name, valid)),
  ];
}

function checkGiven(space: Space, name: string, value: unknown, valid: Params): Finding[] {
  const parameter = Object.hasOwn(space.parameters, name) ? space.parameters[name] : undefined;
  if (parameter === undefined) {
    const names = Object.keys(space.parameters);
    const unknown = {
      path: [name],
      expected: `one of the parameters ${listNames(names)}`,
      received: JSON.stringify(name),
    };
    return [withHint(unknown, didYouMean(name, names))];
  }
  if (decideActivity(space, name, valid) === "inactive") {
    return [
      {
        path: [name],
        expected: `nothing, since ${name} is inactive here`,
        received: describeValue(value),
        hint: `leave it out; it is active when ${describeCondition(parameter)}`,
      },
    ];
  }
  if (isValidValue(parameter, value)) return [];
  const invalid = { path: [name], expected: describeDomain(parameter), received: describeValue(value) };
  return [withHint(invalid, suggestValue(parameter, value))];
}

function checkMissing(space: Space, name: string, valid: Params): Finding[] {
  const parameter = space.parameters[name];
  if (parameter === undefined || decideActivity(space, name, valid) !== "active") return [];
  const reason = parameter.when === undefined ? "a configuration names every active parameter" : "it is active here";
  return [{ path: [name], expected: describeDomain(parameter), received: "nothing", hint: reason }];
}

/** The given values that can be relied on: of active parameters, and valid. */
function validPart(space: Space, params: Readonly<Record<string, unknown>>): Params {
  const valid: Record<string, Params[string]> = {};
  for (const name of space.order) {
    const parameter = space.parameters[name];
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (parameter === undefined || !isValidValue(parameter, value)) continue;
    if (isActive(space, name, valid)) valid[name] = value;
  }
  return valid;
}

/** Unlike {@link isActive}, tells a condition that fails from one that is open because a parent's own value is wrong. */
function decideActivity(space: Space, name: string, valid: Params): "active" | "inactive" | "open" {
  const visited = new Set([name]);
  let open = false;
  for (const each of visited) {
    for (const [parent, values] of Object.entries(space.parameters[each]?.when ?? {})) {
      const value = Object.hasOwn(valid, parent) ? valid[parent] : undefined;
      if (value === undefined) open = true;
      else if (!values.includes(value)) return "inactive";
      visited.add(parent);
    }
  }
  return open ? "open" : "active";
}

function describeCondition(parameter: Parameter): string {
  return Object.entries(parameter.when ?? {})
    .map(([parent, values]) => `${parent} is ${describeAlternatives(values)}`)
    .join(" and ");
}

function suggestValue(parameter: Parameter, value: unknown): string | undefined {
  if (parameter.type === "categorical") return didYouMean(value, parameter.choices.filter(isString));
  if (parameter.type === "ordinal") return didYouMean(value, parameter.values.filter(isString));
  const { low, high, step } = parameter;
  if (step === undefined || typeof value !== "number" || !(value >= low && value <= high)) return undefined;
  const grid = createGrid(low, high, step);
  const nearest = grid.value(Math.min(Math.round(value / step - low / step), grid.last));
  return `the nearest value is ${nearest}`;
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}
