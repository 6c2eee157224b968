import { valueCount } from "./cardinality.ts";
import { decodeParams, decodeValue } from "./decode.ts";
import { createGrid } from "./grid.ts";
import { coordinateOf, intValues, logIntEdge, logIntPosition } from "./int-values.ts";
import type { IntParameter, Parameter, ParameterValue, Params } from "./parameter.ts";
import type { Space } from "./space.ts";

/** Squared distance between an active and an inactive value of the same parameter, beside that of their positions. */
const INACTIVE_DISTANCE = 0.25;

/** A parameter that varies: one coordinate of the unit cube, and one length scale of a model. */
export interface Coordinate {
  readonly name: string;
  /** How many values it has; Infinity when continuous. */
  readonly count: number;
  /** Whether its values have an order. */
  readonly ordered: boolean;
  /** Index of its numeric feature; −1 for a categorical. */
  readonly feature: number;
}

/**
 * Configurations as rows of features for a model of distances. A numeric feature is the position in [0, 1] by the
 * parameter's own scale, the middle of its share for a discrete value, and ½ where the parameter is inactive. Mismatch
 * features follow, small integers of which only equality counts: a categorical's choice, −1 where it is inactive, and for
 * each conditional numeric parameter whether it is active. Where trainings on their way are told apart, the last numeric feature
 * says how far one is.
 */
export class FeatureMap {
  readonly coordinates: readonly Coordinate[];
  /** Features of each kind. */
  readonly numeric: number;
  readonly mismatch: number;
  /** For each feature its coordinate, and by how much its squared distance counts. */
  readonly coordinateOf: Int32Array;
  readonly scaleOf: Float64Array;
  /** Index of the feature that says how far a training is, 0 … 1, with a length scale of its own; −1: there is none. */
  readonly progress: number;
  readonly #space: Space;
  readonly #columns: readonly Column[];

  /** @param options whether there is a feature for how far a training is. @default none */
  constructor(space: Space, { progress = false }: { readonly progress?: boolean } = {}) {
    this.#space = space;
    const parameterOf = (name: string): Parameter => space.parameters[name] as Parameter;
    // A conditional parent of one value matters too: it is there, or not.
    const names = space.order.filter(
      (name) => valueCount(parameterOf(name)) > 1 || (parameterOf(name).when !== undefined && isParent(space, name)),
    );
    const numeric = names.filter((name) => parameterOf(name).type !== "categorical");
    const flagged = numeric.filter((name) => parameterOf(name).when !== undefined);
    const mismatch = [...names.filter((name) => parameterOf(name).type === "categorical"), ...flagged];

    this.progress = progress ? numeric.length : -1;
    this.numeric = numeric.length + (progress ? 1 : 0);
    this.mismatch = mismatch.length;
    this.coordinates = names.map((name) => ({
      name,
      count: valueCount(parameterOf(name)),
      ordered: parameterOf(name).type !== "categorical",
      feature: numeric.indexOf(name),
    }));
    const placeOf = (name: string): number => names.indexOf(name);
    const ofProgress = progress ? [names.length] : [];
    this.coordinateOf = Int32Array.from([...numeric.map(placeOf), ...ofProgress, ...mismatch.map(placeOf)]);
    this.scaleOf = new Float64Array(this.size).fill(1);
    for (const name of flagged) this.scaleOf[this.numeric + mismatch.indexOf(name)] = INACTIVE_DISTANCE;
    const at = (name: string): number => (mismatch.includes(name) ? this.numeric + mismatch.indexOf(name) : -1);
    this.#columns = names.map((name) => makeColumn(space, names, name, numeric.indexOf(name), at(name)));
  }

  /** Features in all. */
  get size(): number {
    return this.numeric + this.mismatch;
  }

  /** Length scales in all. */
  get dimensions(): number {
    return this.coordinates.length + (this.progress === -1 ? 0 : 1);
  }

  /**
   * The features of the configuration at a point of the unit cube, one coordinate each: those of `decode(unit)`.
   *
   * @param progress how far the training is; without a feature for it nothing is written
   */
  fill(unit: Float64Array, out: Float64Array, offset = 0, progress = 1): void {
    if (this.progress !== -1) out[offset + this.progress] = progress;
    const values: (ParameterValue | undefined)[] = [];
    for (const [index, column] of this.#columns.entries()) {
      const active = column.conditions.every(({ parent, fixed, allowed }) =>
        allowed.has((parent === -1 ? fixed : values[parent]) as ParameterValue),
      );
      const u = unit[index] as number;
      values[index] = active && column.isParent ? decodeValue(column.parameter, u) : undefined;
      if (column.numeric !== -1) out[offset + column.numeric] = active ? column.snap(u) : 0.5;
      if (column.mismatch !== -1)
        out[offset + column.mismatch] = !active ? -1 : column.numeric === -1 ? indexAt(u, column.count) : 1;
    }
  }

  /** Whether each coordinate is active at a point of the unit cube. */
  active(unit: Float64Array): readonly boolean[] {
    const params = this.decode(unit);
    return this.coordinates.map(({ name }) => Object.hasOwn(params, name));
  }

  decode(unit: Float64Array): Params {
    const position = new Map(this.coordinates.map(({ name }, index) => [name, unit[index] as number]));
    return decodeParams(this.#space, (name) => position.get(name) ?? 0);
  }

  /** Which of its values, 0 … count − 1, a discrete coordinate has at `u`. */
  indexAt(coordinate: number, u: number): number {
    const { parameter, count } = this.#columns[coordinate] as Column;
    return isLogInt(parameter)
      ? (decodeValue(parameter, u) as number) - (parameter as IntParameter).low
      : indexAt(u, count);
  }

  /** Where one of its values lies for a discrete coordinate. */
  place(coordinate: number, index: number): number {
    const { parameter, count } = this.#columns[coordinate] as Column;
    return isLogInt(parameter) ? pointOf(parameter, (parameter as IntParameter).low + index) : (index + 0.5) / count;
  }

  /** Where the shares of a discrete coordinate's values meet: count + 1 ascending places from 0 to 1. */
  edges(coordinate: number): Float64Array {
    const { parameter, count } = this.#columns[coordinate] as Column;
    return Float64Array.from({ length: count + 1 }, (_, index) =>
      isLogInt(parameter) ? logIntEdge(parameter as IntParameter, index, count) : index / count,
    );
  }

  /**
   * A point of the unit cube that decodes to `params`: exactly what is discrete, up to rounding what is continuous; ½ where
   * a parameter is inactive. Of an int with more values than there are floats, some are out of reach: their neighbours come.
   */
  unit(params: Params): Float64Array {
    return Float64Array.from(this.#columns, ({ parameter }, index) => {
      const { name } = this.coordinates[index] as Coordinate;
      const value = Object.hasOwn(params, name) ? params[name] : undefined;
      return value === undefined ? 0.5 : pointOf(parameter, value);
    });
  }
}

/** One coordinate, made ready for speed. */
interface Column {
  readonly parameter: Parameter;
  readonly count: number;
  /** Where its features stand; −1: it has none of the kind. */
  readonly numeric: number;
  readonly mismatch: number;
  readonly isParent: boolean;
  /** All must hold: the parent coordinate's value (or, with −1, a fixed one) is allowed. */
  readonly conditions: readonly {
    readonly parent: number;
    readonly fixed: ParameterValue | undefined;
    readonly allowed: ReadonlySet<ParameterValue>;
  }[];
  /** The position in [0, 1] of the value at `u`. */
  readonly snap: (u: number) => number;
}

function makeColumn(space: Space, names: readonly string[], name: string, numeric: number, mismatch: number): Column {
  const parameter = space.parameters[name] as Parameter;
  const count = valueCount(parameter);
  const conditions = Object.entries(parameter.when ?? {}).map(([parent, allowed]) => ({
    parent: names.indexOf(parent),
    fixed: fixedValue(space, parent),
    allowed: new Set(allowed),
  }));
  const snap = isLogInt(parameter)
    ? (u: number): number => positionOf(parameter, decodeValue(parameter, u))
    : count === Infinity
      ? (u: number): number => u
      : (u: number): number => (indexAt(u, count) + 0.5) / count;
  return { parameter, count, numeric, mismatch, isParent: isParent(space, name), conditions, snap };
}

/** Its values have shares of different widths. */
function isLogInt(parameter: Parameter): boolean {
  return parameter.type === "int" && parameter.log === true;
}

function isParent(space: Space, name: string): boolean {
  return Object.values(space.parameters).some(({ when }) => when !== undefined && Object.hasOwn(when, name));
}

/** The value of a parent that has only one, where it is not conditional itself. */
function fixedValue(space: Space, name: string): ParameterValue | undefined {
  const parameter = space.parameters[name];
  return parameter === undefined || valueCount(parameter) > 1 || parameter.when !== undefined
    ? undefined
    : decodeValue(parameter, 0);
}

/** As `positionOf`, but exact where logarithms of large integers, or their number, are beyond the precision of floats. */
function pointOf(parameter: Parameter, value: ParameterValue): number {
  const position = positionOf(parameter, value);
  return parameter.type === "int"
    ? coordinateOf(value as number, position, (u) => decodeValue(parameter, u) as number)
    : position;
}

/** The inverse of `decodeValue`: the position of a continuous value, the middle of a discrete value's share. */
function positionOf(parameter: Parameter, value: ParameterValue): number {
  switch (parameter.type) {
    case "ordinal":
      return (parameter.values.indexOf(value as number) + 0.5) / parameter.values.length;
    case "categorical":
      return (parameter.choices.indexOf(value) + 0.5) / parameter.choices.length;
    case "float":
    case "int": {
      const { low, high, log = false } = parameter;
      const number = value as number;
      if (parameter.type === "int" && log) return clamp(logIntPosition(parameter, number));
      if (parameter.type === "float" && parameter.step === undefined)
        return log ? share(Math.log(number), Math.log(low), Math.log(high)) : share(number, low, high);
      const count = valueCount(parameter);
      const last = parameter.type === "int" ? intValues(parameter).value(count - 1) : lastOf(parameter);
      return (Math.round(share(number, low, last) * (count - 1)) + 0.5) / count;
    }
  }
}

function lastOf({ low, high, step }: { readonly low: number; readonly high: number; readonly step?: number }): number {
  if (step === undefined) return high;
  const grid = createGrid(low, high, step);
  return grid.value(grid.last);
}

/** Where a value stands between two others, 0 … 1. */
function share(value: number, low: number, high: number): number {
  if (high === low) return 0.5;
  // The width of a huge range overflows; that of its halves does not.
  const part = high - low < Infinity ? (value - low) / (high - low) : (value / 2 - low / 2) / (high / 2 - low / 2);
  return clamp(part);
}

function clamp(part: number): number {
  return Math.min(Math.max(part, 0), 1);
}

function indexAt(u: number, count: number): number {
  return Math.min(Math.max(Math.floor(u * count), 0), count - 1);
}
