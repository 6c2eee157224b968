import type { Issue } from "../errors.ts";
import { checkConditions } from "./check-conditions.ts";
import { checkLimits } from "./check-limits.ts";
import { checkObjective } from "./check-objective.ts";
import { checkParameter } from "./check-parameter.ts";
import { findParamsProblems } from "./check-params.ts";
import { type Finding, type Path, toIssue } from "./finding.ts";
import type { Parameters } from "./parameter.ts";
import { sortByPosition } from "./position.ts";
import { type Sound, soundPart } from "./sound.ts";
import { createSpace } from "./space.ts";
import type { StudySpec } from "./spec.ts";
import { findStructureProblems } from "./structure.ts";

/**
 * Everything that is wrong with a spec, each mistake once, in the order of the document. The words of strategies,
 * samplers and schedulers are not looked at.
 *
 * @param document may be anything; never throws.
 * @returns empty exactly when `document` is a {@link StudySpec} that makes sense.
 */
export function checkSpec(document: unknown): readonly Issue[] {
  const structure = findStructureProblems(document);
  const spec = soundPart<StudySpec>(document, structure.map(brokenPart));
  const findings = spec === undefined ? structure : [...structure, ...findMeaningProblems(spec, structure)];
  return sortByPosition(document, findings).map((finding) => toIssue(finding));
}

function findMeaningProblems(spec: Sound<StudySpec>, structure: readonly Finding[]): Finding[] {
  const findings = [...checkLimits(spec), ...checkObjective(spec)];
  const { parameters } = spec;
  if (parameters === undefined) return findings;

  for (const [name, parameter] of Object.entries(parameters)) {
    if (parameter !== undefined) findings.push(...under(["parameters", name], checkParameter(parameter)));
  }
  const whole = without(parameters, brokenNames([...structure, ...findings]));
  findings.push(...under(["parameters"], checkConditions(parameters, whole)));

  const undecided = brokenNames([...structure, ...findings]);
  const space = createSpace(without(parameters, undecided));
  for (const [index, params] of (spec.enqueue ?? []).entries()) {
    const path = ["enqueue", String(index)];
    if (params !== undefined) findings.push(...under(path, findParamsProblems(space, params, undecided)));
  }
  return findings;
}

/** Of a parameter without a known type nothing else has been looked at. */
function brokenPart({ path }: Finding): Path {
  const isType = path.length === 3 && path[0] === "parameters" && path[2] === "type";
  return isType ? path.slice(0, 2) : path;
}

function under(path: Path, findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, path: [...path, ...finding.path] }));
}

/** Parameters about which something is wrong. */
function brokenNames(findings: readonly Finding[]): Set<string> {
  return new Set(findings.flatMap(({ path }) => (path[0] === "parameters" && path[1] !== undefined ? [path[1]] : [])));
}

/** @param names every broken parameter, so that what is left has its type. */
function without(parameters: Sound<Parameters>, names: ReadonlySet<string>): Parameters {
  const whole = Object.entries(parameters).filter(([name]) => !names.has(name));
  return Object.fromEntries(whole) as Parameters;
}
