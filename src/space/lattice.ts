import { valueCount } from "./cardinality.ts";
import { decodeValue, isValidValue } from "./decode.ts";
import { intValues } from "./int-values.ts";
import type { FloatParameter, IntParameter, Parameter } from "./parameter.ts";
import type { Space } from "./space.ts";

/**
 * A finite part of a space. A continuous parameter keeps `points` values, evenly spaced in its own scale with both ends
 * among them (fewer where floats lie no closer); an int with more than `points` values keeps `points` of them likewise, and
 * of a parent one value for each condition that none of these meets. Choices, ordinal values and stepped floats stay whole.
 *
 * @param points at least 2
 * @returns every configuration of it is one of `space`
 */
export function latticeOf(space: Space, points: number): Space {
  const thin = ([name, parameter]: readonly [string, Parameter]): readonly [string, Parameter] => {
    if (valueCount(parameter) <= points) return [name, parameter];
    if (parameter.type === "float" && parameter.step === undefined)
      return [name, ordinal(parameter, floatsOf(parameter, points))];
    if (parameter.type !== "int") return [name, parameter];
    const kept = intsOf(parameter, points);
    const missed = listsOf(space, name).flatMap((list) =>
      list.some((value) => kept.includes(value))
        ? []
        : list.filter((value) => isValidValue(parameter, value)).slice(0, 1),
    );
    return [
      name,
      ordinal(
        parameter,
        [...new Set([...kept, ...missed])].toSorted((a, b) => a - b),
      ),
    ];
  };
  return { parameters: Object.fromEntries(Object.entries(space.parameters).map(thin)), order: space.order };
}

function ordinal({ when }: Parameter, values: readonly number[]): Parameter {
  return { type: "ordinal", values, ...(when && { when }) };
}

function floatsOf(parameter: FloatParameter, points: number): readonly number[] {
  const last = points - 1;
  const values = Array.from({ length: points }, (_, index) =>
    // The ends themselves: logarithms and products would round them.
    index === 0 ? parameter.low : index === last ? parameter.high : (decodeValue(parameter, index / last) as number),
  );
  // A journal knows no −0.
  return [...new Set(values.map((value) => value + 0))];
}

function intsOf(parameter: IntParameter, points: number): readonly number[] {
  const { low, high, log = false } = parameter;
  const { last, value } = intValues(parameter);
  let previous = -1;
  return Array.from({ length: points }, (_, index) => {
    const part = index / (points - 1);
    const place = log ? Math.exp((1 - part) * Math.log(low) + part * Math.log(high)) - low : part * last;
    // None twice, and enough left for those that follow.
    previous = Math.min(Math.max(Math.round(place), previous + 1), last - (points - 1 - index));
    return value(previous);
  });
}

/** The values of a parent that each of its conditions allows. */
function listsOf({ parameters }: Space, parent: string): readonly (readonly number[])[] {
  return Object.values(parameters).flatMap(({ when }) =>
    when !== undefined && Object.hasOwn(when, parent) ? [when[parent] as readonly number[]] : [],
  );
}
