import { valueCount } from "./cardinality.ts";
import { decodeValue } from "./decode.ts";
import { logIntPosition } from "./int-values.ts";
import type { Parameter } from "./parameter.ts";

/**
 * The part of the real line that stands for the value of a discrete parameter at `u`, where what is below 0 stands for the
 * first value and what is above 1 for the last: these reach to −∞ and ∞.
 *
 * @param u any number
 * @returns undefined for a continuous parameter
 */
export function shareAt(parameter: Parameter, u: number): { readonly low: number; readonly high: number } | undefined {
  const count = valueCount(parameter);
  if (count === Infinity) return undefined;
  if (parameter.type === "int" && parameter.log === true) {
    const value = decodeValue(parameter, Math.min(Math.max(u, 0), 1)) as number;
    const { low, high } = parameter;
    return {
      low: value === low ? -Infinity : logIntPosition(parameter, value - 0.5),
      high: value === high ? Infinity : logIntPosition(parameter, value + 0.5),
    };
  }
  const index = Math.min(Math.max(Math.floor(u * count), 0), count - 1);
  return {
    low: index === 0 ? -Infinity : index / count,
    high: index === count - 1 ? Infinity : (index + 1) / count,
  };
}
