import type { EChartsOption, SeriesOption } from "echarts";
import type { Selection, Theme } from "../view-props.ts";

export type Cell = string | number | boolean | null;

/** The numbers behind a picture, as CSV and JSON files of it hold them. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** A picture of a study: what ECharts draws, and the same for those who cannot see it. */
export interface Picture {
  readonly option: EChartsOption;
  /** The main facts in a sentence or two. */
  readonly summary: string;
  /** In pixels. */
  readonly height: number;
  /** What has to be known to read the picture, each a sentence. */
  readonly notes: readonly string[];
  readonly table: () => Table;
  /** The trials behind the marks of a series, by its id and their order; other series show no single trials. */
  readonly marks: ReadonlyMap<string, readonly number[]>;
}

/** The marks of series of points, each of which has its trial's number as its third value. */
export function marksOfPoints(series: readonly SeriesOption[]): Map<string, readonly number[]> {
  return new Map(
    series
      .filter(({ type }) => type === "scatter")
      .map(({ id, data }) => [
        String(id),
        (data as readonly Point[]).map((point) => ("value" in point ? point.value : point)[2]),
      ]),
  );
}

type Place = readonly [number, number, number];
type Point = Place | { readonly value: Place };

/** A picture of nothing, with the reason in words. */
export interface Nothing {
  readonly words: string;
  readonly height: number;
  readonly table: () => Table;
  readonly notes?: readonly string[];
}

/** How a picture is drawn. */
export interface Look {
  readonly theme: Theme;
  /** In pixels. */
  readonly width: number;
  /** Trials outside of it are dimmed. */
  readonly selection?: Selection;
}
