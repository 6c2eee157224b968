import type { EChartsOption } from "echarts";
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
}

/** How a picture is drawn. */
export interface Look {
  readonly theme: Theme;
  /** In pixels. */
  readonly width: number;
  /** Trials outside of it are dimmed. */
  readonly selection?: Selection;
}
