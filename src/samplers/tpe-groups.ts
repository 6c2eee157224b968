import type { FeatureMap } from "../space/features.ts";
import type { Params } from "../space/parameter.ts";
import type { Space } from "../space/space.ts";
import type { Axis } from "../tpe/axis.ts";

/** Ordered values up to which each owns a cell; of more, cells are narrow beside any kernel and their middles serve. */
const MOST_CELLS = 32;

/** Parameters under the same conditions: active together, and modelled together. */
export interface Group {
  /** Coordinates of the feature map, ascending. */
  readonly coordinates: readonly number[];
  readonly axes: readonly Axis[];
}

/** The groups of a space, parents before children. */
export function groupsOf(space: Space, map: FeatureMap): readonly Group[] {
  const byCondition = new Map<string, number[]>();
  for (const [coordinate, { name }] of map.coordinates.entries()) {
    const condition = JSON.stringify(space.parameters[name]?.when ?? null);
    byCondition.set(condition, [...(byCondition.get(condition) ?? []), coordinate]);
  }
  // A group stands where its first coordinate does: behind the parents of all of it.
  return [...byCondition.values()].map((coordinates) => ({
    coordinates,
    axes: coordinates.map((coordinate) => axisOf(map, coordinate)),
  }));
}

function axisOf(map: FeatureMap, coordinate: number): Axis {
  const { count, ordered } = map.coordinates[coordinate] as FeatureMap["coordinates"][number];
  if (!ordered) return { kind: "choice", count };
  if (count > MOST_CELLS) return { kind: "line" };
  const centres = Float64Array.from({ length: count }, (_, index) => map.place(coordinate, index));
  return { kind: "cells", edges: map.edges(coordinate), centres };
}

/** The point of a configuration in each group: positions and indices of values; undefined where the group is inactive. */
export type Encoded = readonly (Float64Array | undefined)[];

export function encode(map: FeatureMap, groups: readonly Group[], params: Params): Encoded {
  const unit = map.unit(params);
  return groups.map(({ coordinates, axes }) => {
    if (!isActive(map, coordinates[0] as number, params)) return undefined;
    return Float64Array.from(coordinates, (coordinate, index) =>
      axes[index]?.kind === "line" ? (unit[coordinate] as number) : map.indexAt(coordinate, unit[coordinate] as number),
    );
  });
}

/** Writes a group's point into a point of the unit cube. */
export function place(map: FeatureMap, { coordinates, axes }: Group, point: Float64Array, unit: Float64Array): void {
  for (const [index, coordinate] of coordinates.entries()) {
    const value = point[index] as number;
    unit[coordinate] = axes[index]?.kind === "line" ? value : map.place(coordinate, value);
  }
}

/** Moves what is drawn on the line of a discrete parameter to the middle of its value's share. */
export function snap(map: FeatureMap, { coordinates, axes }: Group, point: Float64Array): void {
  for (const [index, coordinate] of coordinates.entries())
    if (axes[index]?.kind === "line" && map.coordinates[coordinate]?.count !== Infinity)
      point[index] = map.place(coordinate, map.indexAt(coordinate, point[index] as number));
}

export function isActive(map: FeatureMap, coordinate: number, params: Params): boolean {
  return Object.hasOwn(params, map.coordinates[coordinate]?.name as string);
}
