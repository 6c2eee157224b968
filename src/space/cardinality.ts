import { isValidValue } from "./decode.ts";
import { createGrid } from "./grid.ts";
import type { Parameter, ParameterValue } from "./parameter.ts";
import type { Space } from "./space.ts";

/** Branches that are looked at before a space counts as too large to count. */
const MOST_BRANCHES = 100_000;

/**
 * How many different configurations a space has: the product of its parameters' values, where a parent's value decides
 * which children count.
 *
 * @returns at least 1; Infinity with a continuous parameter, above 2⁵³, and where conditions are too many to count
 */
export function cardinality(space: Space): number {
  const parents = new Set(Object.values(space.parameters).flatMap(({ when }) => Object.keys(when ?? {})));
  let branches = 0;

  const count = (index: number, chosen: Map<string, ParameterValue | undefined>): number => {
    const name = space.order[index];
    if (name === undefined) return 1;
    const parameter = space.parameters[name] as Parameter;
    const active = Object.entries(parameter.when ?? {}).every(
      ([parent, values]) => chosen.has(parent) && values.includes(chosen.get(parent) as ParameterValue),
    );
    if (!active) return count(index + 1, chosen);
    if (!parents.has(name)) return valueCount(parameter) * count(index + 1, chosen);
    let sum = 0;
    for (const [value, multiplicity] of groups(space, name)) {
      if (++branches > MOST_BRANCHES) return Infinity;
      sum += multiplicity * count(index + 1, new Map(chosen).set(name, value));
    }
    return sum;
  };
  const total = count(0, new Map());
  return total <= Number.MAX_SAFE_INTEGER ? total : Infinity;
}

/** The values of one parameter; Infinity when it is continuous. */
export function valueCount(parameter: Parameter): number {
  switch (parameter.type) {
    case "float":
      if (parameter.low === parameter.high) return 1;
      return parameter.step === undefined
        ? Infinity
        : createGrid(parameter.low, parameter.high, parameter.step).last + 1;
    case "int":
      return Math.floor((parameter.high - parameter.low) / (parameter.step ?? 1)) + 1;
    case "ordinal":
      return parameter.values.length;
    case "categorical":
      return parameter.choices.length;
  }
}

/** The values of a parent that conditions name, each with 1, and all the others together, with their number. */
function groups(space: Space, parent: string): readonly (readonly [ParameterValue | undefined, number])[] {
  const parameter = space.parameters[parent] as Parameter;
  const listed = Object.values(space.parameters).flatMap(({ when }) => when?.[parent] ?? []);
  const named = new Set(listed.filter((value) => isValidValue(parameter, value)));
  const all = valueCount(parameter);
  const rest = all - named.size;
  return [...[...named].map((value) => [value, 1] as const), ...(rest > 0 ? [[undefined, rest] as const] : [])];
}
