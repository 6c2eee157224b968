import { describeAlternatives, describeValue, listNames } from "./describe.ts";
import { type Finding, withHint } from "./finding.ts";
import { didYouMean } from "./nearest.ts";
import { reportPattern } from "./report-pattern.ts";
import { placeholdersOf, RUN_PLACEHOLDERS } from "./placeholders.ts";
import type { CommandObjective, ModuleObjective, StudySpec } from "./spec.ts";
import type { Sound } from "./sound.ts";

/** What is wrong with the command of an objective, the pattern of its reports and the metric that it reports. */
export function checkObjective(spec: Sound<StudySpec>): Finding[] {
  const objective: Sound<ModuleObjective & CommandObjective> = spec.objective ?? {};
  const { command, report } = objective;
  const misplaced: Finding[] =
    report !== undefined && !("command" in objective)
      ? [
          {
            path: ["objective", "report"],
            expected: "no report beside a module",
            received: describeValue(report),
            hint: "a module calls trial.report",
          },
        ]
      : [];
  return [
    ...checkMetric(spec.metric?.name),
    ...misplaced,
    ...(command === undefined ? [] : checkCommand(command, spec.parameters)),
    ...(report?.pattern === undefined || misplaced.length > 0 ? [] : checkPattern(report.pattern, spec.metric?.name)),
  ];
}

function checkMetric(name: string | undefined): Finding[] {
  if (name !== "step") return [];
  const hint = "a report says its step and its metrics side by side";
  return [{ path: ["metric", "name"], expected: 'a name other than "step"', received: '"step"', hint }];
}

function checkCommand(
  command: Sound<CommandObjective["command"]>,
  parameters: Sound<StudySpec["parameters"]> | undefined,
) {
  const findings: Finding[] = [];
  const program = command[0];
  if (program !== undefined && (typeof program !== "string" || program === "")) {
    const expected = "the program to start, as a non-empty word";
    findings.push({ path: ["objective", "command", "0"], expected, received: describeValue(program) });
  }
  if (parameters === undefined) return findings;

  const known = [...Object.keys(parameters), ...RUN_PLACEHOLDERS];
  const checkWord = (word: string | undefined, path: readonly string[]): Finding[] =>
    placeholdersOf(word ?? "")
      .filter((name) => !known.includes(name))
      .map((name) => {
        const expected = `a placeholder among ${listNames(known.map((each) => `{${each}}`))}`;
        const near = didYouMean(name, known)?.replace(/"(.*)"/, "{$1}");
        return withHint({ path, expected, received: `{${name}}` }, near);
      });
  for (const [index, item] of command.entries()) {
    const path = ["objective", "command", String(index)];
    const found =
      typeof item === "object"
        ? item.flatMap((word, at) => checkWord(word, [...path, String(at)]))
        : checkWord(item, path);
    findings.push(...found);
  }
  for (const name of RUN_PLACEHOLDERS.filter((each) => Object.hasOwn(parameters, each))) {
    const expected = `a name other than ${describeAlternatives(RUN_PLACEHOLDERS)}, which stand for the run in a command`;
    findings.push({ path: ["parameters", name], expected, received: JSON.stringify(name) });
  }
  return findings;
}

function checkPattern(pattern: string, metric: string | undefined): Finding[] {
  const path = ["objective", "report", "pattern"];
  let groups: readonly string[];
  try {
    ({ groups } = reportPattern(pattern));
  } catch (error) {
    const isNoPattern = error instanceof SyntaxError;
    const expected = isNoPattern ? "a regular expression" : "a regular expression without (?=…), (?!…) and \\1";
    const why = error instanceof Error ? error.message : "";
    const hint = isNoPattern ? why : `${why}; write what stands around a number into the pattern, outside of its group`;
    return [{ path, expected, received: describeValue(pattern), hint }];
  }
  return ["step", ...(metric === undefined || metric === "step" ? [] : [metric])]
    .filter((name) => !groups.includes(name))
    .map((name) => ({
      path,
      expected: `a named group (?<${name}>…)`,
      received: groups.length === 0 ? "no named group" : `the groups ${groups.join(", ")}`,
      hint: /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name)
        ? `put (?<${name}>…) around what stands for it`
        : "rename the metric: the name of a group has only letters, digits, _ and $",
    }));
}
