import type { Parameter, Parameters, Params, ParameterValue, When } from "../space/parameter.ts";

/** What a trial shows of conditions. */
export interface SeenTrial {
  readonly params: Params;
  /** It came to its end, so that what it lacks was inactive; one that broke off may only not have come to it. */
  readonly whole: boolean;
}

/** Ints with more values than this are no parents: a condition lists its values. */
const MOST_VALUES = 100;

/**
 * Makes a parameter that some whole trials lack conditional, where the values of others tell which: on one parent if one
 * suffices, otherwise on as few as do. What no parents tell stays unconditional.
 *
 * A value of a parent that no trial had with the parameter counts as one where it is inactive, but of an int's all from the
 * least to the greatest count, where none of the others lies between.
 */
export function inferConditions(parameters: Parameters, trials: readonly SeenTrial[]): Parameters {
  const conditions = new Map<string, When>();
  for (const name of Object.keys(parameters)) {
    const absent = trials.filter(({ params, whole }) => whole && !Object.hasOwn(params, name));
    if (absent.length === 0) continue;
    const present = trials.filter(({ params }) => Object.hasOwn(params, name));
    const candidates = Object.entries(parameters).flatMap(([parent, parameter]) => {
      // No parameter depends on one that depends on it.
      if (parent === name || dependsOn(parent, name, conditions)) return [];
      const values = valuesWith(parent, parameter, present, absent);
      return values === undefined ? [] : [{ parent, values: new Set(values) }];
    });
    const when = fewest(candidates, absent);
    if (when !== undefined) conditions.set(name, when);
  }
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => {
      const when = conditions.get(name);
      return [name, when === undefined ? parameter : { ...parameter, when }];
    }),
  );
}

interface Candidate {
  readonly parent: string;
  /** With which the parameter is there. */
  readonly values: ReadonlySet<ParameterValue>;
}

/** The parent's values with which the parameter was seen; undefined where it was seen without the parent. */
function valuesWith(
  parent: string,
  parameter: Parameter,
  present: readonly SeenTrial[],
  absent: readonly SeenTrial[],
): readonly ParameterValue[] | undefined {
  if (parameter.type === "float" || present.some(({ params }) => !Object.hasOwn(params, parent))) return undefined;
  const values = [...new Set(present.map(({ params }) => params[parent] as ParameterValue))];
  if (parameter.type !== "int") {
    const order: readonly ParameterValue[] = parameter.type === "ordinal" ? parameter.values : parameter.choices;
    return order.filter((value) => values.includes(value));
  }
  return intsWith(
    parameter,
    values as number[],
    absent.map(({ params }) => params[parent] as number | undefined),
  );
}

function intsWith(
  { low, high, step = 1 }: Parameter & { readonly type: "int" },
  seen: readonly number[],
  others: readonly (number | undefined)[],
): readonly number[] | undefined {
  if ((high - low) / step > MOST_VALUES) return undefined;
  const numbers = others.filter((value) => value !== undefined);
  const [least, most] = [Math.min(...seen), Math.max(...seen)];
  // Where all others lie on one side, it goes on to the end of the range: "from 2 layers on".
  const from = numbers.every((value) => value > most) ? low : least;
  const to = numbers.every((value) => value < least) ? high : most;
  const taken = new Set(numbers);
  const values: number[] = [];
  for (let value = low; value <= high; value += step)
    if (seen.includes(value) || (value >= from && value <= to && !taken.has(value))) values.push(value);
  return values;
}

/** One parent that tells all, or as few together as do; found by leaving out what is not needed. */
function fewest(candidates: readonly Candidate[], absent: readonly SeenTrial[]): When | undefined {
  const tells = (chosen: readonly Candidate[]): boolean =>
    absent.every(({ params }) =>
      chosen.some(
        ({ parent, values }) => !Object.hasOwn(params, parent) || !values.has(params[parent] as ParameterValue),
      ),
    );
  const one = candidates.find((candidate) => tells([candidate]));
  if (one !== undefined) return toWhen([one]);
  if (!tells(candidates)) return undefined;
  let chosen = candidates;
  for (const candidate of candidates) {
    const rest = chosen.filter((each) => each !== candidate);
    if (tells(rest)) chosen = rest;
  }
  return toWhen(chosen);
}

function toWhen(chosen: readonly Candidate[]): When {
  return Object.fromEntries(chosen.map(({ parent, values }) => [parent, [...values]]));
}

function dependsOn(name: string, ancestor: string, conditions: ReadonlyMap<string, When>): boolean {
  return Object.keys(conditions.get(name) ?? {}).some(
    (parent) => parent === ancestor || dependsOn(parent, ancestor, conditions),
  );
}
