import { isActive } from "./activity.ts";
import { createGrid } from "./grid.ts";
import { intValues, logIntAt } from "./int-values.ts";
import type { FloatParameter, IntParameter, Parameter, ParameterValue, Params } from "./parameter.ts";
import type { Space } from "./space.ts";

/**
 * The configuration at a point of the unit cube. Each value of a discrete parameter owns an equal share of [0, 1);
 * with `log`, an int owns a share as wide as the logarithm of [value - ½, value + ½].
 *
 * @param unit the coordinate of a parameter, in [0, 1); asked once per active parameter, parents first.
 * @returns active parameters only, in the order declared; every value is valid exactly.
 */
export function decodeParams(space: Space, unit: (name: string) => number): Params {
  const values: Record<string, ParameterValue> = {};
  for (const name of space.order) {
    const parameter = space.parameters[name];
    if (parameter !== undefined && isActive(space, name, values)) values[name] = decodeValue(parameter, unit(name));
  }
  const declared: Record<string, ParameterValue> = {};
  for (const name of Object.keys(space.parameters)) {
    const value = values[name];
    if (value !== undefined && Object.hasOwn(values, name)) declared[name] = value;
  }
  return declared;
}

/**
 * The value of one parameter at `u`.
 *
 * @param u in [0, 1); 1 itself gives the last value.
 */
export function decodeValue(parameter: Parameter, u: number): ParameterValue {
  if (parameter.type === "float") return decodeFloat(parameter, u);
  if (parameter.type === "int") return decodeInt(parameter, u);
  return pick<ParameterValue>(parameter.type === "ordinal" ? parameter.values : parameter.choices, u);
}

/** Whether the parameter may hold `value`: of its type, within its bounds and on its steps exactly, or among its choices. */
export function isValidValue(parameter: Parameter, value: unknown): value is ParameterValue {
  if (parameter.type === "ordinal") return (parameter.values as readonly unknown[]).includes(value);
  if (parameter.type === "categorical") return (parameter.choices as readonly unknown[]).includes(value);

  const { low, high, step } = parameter;
  if (typeof value !== "number" || !(value >= low && value <= high)) return false;
  if (parameter.type === "float") return step === undefined || createGrid(low, high, step).has(value);
  // The difference of two safe integers need not be one.
  return Number.isSafeInteger(value) && (BigInt(value) - BigInt(low)) % BigInt(step ?? 1) === 0n;
}

function decodeFloat({ low, high, log = false, step }: FloatParameter, u: number): number {
  if (step !== undefined) {
    const grid = createGrid(low, high, step);
    return grid.value(indexAt(u, grid.last + 1));
  }
  if (log) return clamp(Math.exp(Math.log(low) + u * (Math.log(high) - Math.log(low))), low, high);
  const width = high - low;
  // The width of a huge interval overflows; the weighted mean of its ends does not.
  return clamp(Number.isFinite(width) ? low + u * width : low * (1 - u) + high * u, low, high);
}

function decodeInt(parameter: IntParameter, u: number): number {
  if (parameter.log === true) return logIntAt(parameter, u);
  const values = intValues(parameter);
  return values.value(indexAt(u, values.last + 1));
}

function pick<T>(values: readonly T[], u: number): T {
  return values[indexAt(u, values.length)] as T;
}

function indexAt(u: number, count: number): number {
  return clamp(Math.floor(u * count), 0, count - 1);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
