import type { CustomSeriesOption, CustomSeriesRenderItemAPI } from "echarts";
import { extent, type ParameterScale } from "./scale.ts";
import { areasAbove, surfaceOf, type Point } from "./surface.ts";
import { pale, type Palette } from "./theme.ts";

/** What lies under the points of a contour picture. */

const CELLS = 48;
const BANDS = 10;
/** So many points are enough for a surface. */
const SURFACE = 1000;

/** The surface goes a little over the plot's edge, where it is cut off. */
const MARGIN = 0.06;

/** Between choices of neither: areas of equal height. */
export function bandSeries(
  points: readonly Point[],
  across: ParameterScale,
  up: ParameterScale,
  palette: Palette,
): CustomSeriesOption {
  const inner = evenly(points).map(({ x, y, z }): Point => ({ x: inside(x), y: inside(y), z }));
  const heights = surfaceOf(inner, CELLS, CELLS, 0.5, [across.gap, up.gap]);
  const [low, high] = extent([...heights]);
  const thresholds = Array.from({ length: BANDS }, (_, i) => low + ((high - low) * i) / BANDS);
  const areas = high > low ? areasAbove(heights, CELLS, CELLS, thresholds) : [];
  return {
    type: "custom",
    id: "surface",
    silent: true,
    clip: true,
    z: 1,
    data: areas.map(({ value }) => [0.5, 0.5, value]),
    renderItem: (params, api) => {
      const area = areas[params.dataIndex];
      const pathData = (area?.coordinates ?? [])
        .flat()
        .map((ring) => pathOf(ring, api))
        .join("");
      const share = (area?.value ?? low) + (high - low) / 2 / BANDS;
      return {
        type: "path",
        shape: { pathData },
        style: { fill: pale(palette, share), stroke: palette.background, lineWidth: 0.7 },
      };
    },
  };
}

function inside(at: number): number {
  return (at + MARGIN) / (1 + 2 * MARGIN);
}

function pathOf(ring: readonly (readonly number[])[], api: CustomSeriesRenderItemAPI): string {
  const at = (cell: number): number => (cell / CELLS) * (1 + 2 * MARGIN) - MARGIN;
  const places = ring.map(([column, row]) =>
    api
      .coord([at(column as number), at(row as number)])
      .map((pixel) => pixel.toFixed(1))
      .join(","),
  );
  return `M${places.join("L")}Z`;
}

/** One parameter has choices: a strip for each, smoothed along the other. */
export function stripSeries(
  points: readonly Point[],
  x: ParameterScale,
  y: ParameterScale,
  palette: Palette,
): CustomSeriesOption {
  const across = x.choices === undefined;
  const choices = ((across ? y : x).choices ?? []).length;
  const data: number[][] = [];
  for (let choice = 0; choice < choices; choice++) {
    const own = points.filter((point) => Math.floor((across ? point.y : point.x) * choices) === choice);
    if (own.length < 2) continue;
    const line = surfaceOf(
      evenly(own).map((point) => ({ x: across ? point.x : point.y, y: 0.5, z: point.z })),
      CELLS,
      1,
      0.5,
    );
    line.forEach((z, i) => {
      const [along, side] = [(i + 0.5) / CELLS, (choice + 0.5) / choices];
      data.push(across ? [along, side, 1 / CELLS, 1 / choices, z] : [side, along, 1 / choices, 1 / CELLS, z]);
    });
  }
  return {
    type: "custom",
    id: "surface",
    silent: true,
    z: 1,
    data,
    renderItem: (params, api) => rectangle(data[params.dataIndex] as number[], api, palette, 0.3),
  };
}

/** @param cell its middle, its width and height, and its share for the colour */
export function rectangle(
  [x, y, width, height, share]: readonly number[],
  api: CustomSeriesRenderItemAPI,
  palette: Palette,
  overlap: number,
) {
  const [w, h] = [width as number, height as number];
  const [left, top] = api.coord([(x as number) - w / 2, (y as number) + h / 2]) as [number, number];
  const [right, bottom] = api.coord([(x as number) + w / 2, (y as number) - h / 2]) as [number, number];
  return {
    type: "rect" as const,
    shape: {
      x: left - overlap,
      y: top - overlap,
      width: right - left + 2 * overlap,
      height: bottom - top + 2 * overlap,
    },
    style: { fill: pale(palette, share as number) },
  };
}

function evenly(points: readonly Point[]): readonly Point[] {
  const every = Math.ceil(points.length / SURFACE);
  return every <= 1 ? points : points.filter((_, i) => i % every === 0);
}
