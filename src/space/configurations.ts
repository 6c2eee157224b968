import { isActive } from "./activity.ts";
import { valueCount } from "./cardinality.ts";
import { createGrid } from "./grid.ts";
import { intValues } from "./int-values.ts";
import type { Parameter, ParameterValue, Params } from "./parameter.ts";
import type { Space } from "./space.ts";

/** Every configuration of a finite space once, lazily; parameters in the order declared. */
export function* configurations(space: Space, chosen: Params = {}, index = 0): Generator<Params> {
  const name = space.order[index];
  if (name === undefined) yield inDeclaredOrder(space, chosen);
  else if (!isActive(space, name, chosen)) yield* configurations(space, chosen, index + 1);
  else {
    const parameter = space.parameters[name] as Parameter;
    const count = valueCount(parameter);
    for (let k = 0; k < count; k++)
      yield* configurations(space, { ...chosen, [name]: valueAt(parameter, k) }, index + 1);
  }
}

/** One text for each configuration, whatever the order of its keys. */
export function configurationKey(space: Space, params: Params): string {
  return JSON.stringify(inDeclaredOrder(space, params));
}

/** @param index 0 … valueCount(parameter) − 1 */
function valueAt(parameter: Parameter, index: number): ParameterValue {
  switch (parameter.type) {
    case "float":
      return parameter.step === undefined
        ? parameter.low
        : createGrid(parameter.low, parameter.high, parameter.step).value(index);
    case "int":
      return intValues(parameter).value(index);
    case "ordinal":
      return parameter.values[index] as ParameterValue;
    case "categorical":
      return parameter.choices[index] as ParameterValue;
  }
}

function inDeclaredOrder(space: Space, params: Params): Params {
  const ordered: Record<string, ParameterValue> = {};
  for (const name of Object.keys(space.parameters)) {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (value !== undefined) ordered[name] = value;
  }
  return ordered;
}
