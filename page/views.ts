import type { ComponentType } from "preact";
import type { ViewProps } from "./view-props.ts";
import { ContourView } from "./views/contour.tsx";
import { CurvesView } from "./views/curves.tsx";
import { EcdfView } from "./views/ecdf.tsx";
import { HistoryView } from "./views/history.tsx";
import { ImportanceView } from "./views/importance.tsx";
import { ParallelView } from "./views/parallel.tsx";
import { RankView } from "./views/rank.tsx";
import { SavedView } from "./views/saved.tsx";
import { SliceView } from "./views/slice.tsx";
import { TimelineView } from "./views/timeline.tsx";

export interface View {
  /** Stands in addresses. */
  readonly id: string;
  readonly title: string;
  /** A word or two for the way to it. */
  readonly short: string;
  readonly component: ComponentType<ViewProps>;
}

/** The views of a study, in their order. */
export const VIEWS: readonly View[] = [
  { id: "history", title: "Optimisation history", short: "History", component: HistoryView },
  { id: "curves", title: "Learning curves", short: "Curves", component: CurvesView },
  { id: "parallel", title: "Parallel coordinates", short: "Parallel", component: ParallelView },
  { id: "slice", title: "Slices", short: "Slices", component: SliceView },
  { id: "contour", title: "Contour", short: "Contour", component: ContourView },
  { id: "importance", title: "Parameter importance", short: "Importance", component: ImportanceView },
  { id: "rank", title: "Rank", short: "Rank", component: RankView },
  { id: "ecdf", title: "Distribution of values", short: "Distribution", component: EcdfView },
  { id: "timeline", title: "Timeline of slots", short: "Timeline", component: TimelineView },
  { id: "saved", title: "Budget saved", short: "Saved", component: SavedView },
];
