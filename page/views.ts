import type { ComponentType } from "preact";
import type { ViewProps } from "./view-props.ts";
import { Placeholder } from "./views/placeholder.tsx";

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
  { id: "history", title: "Optimisation history", short: "History", component: Placeholder },
  { id: "curves", title: "Learning curves", short: "Curves", component: Placeholder },
  { id: "parallel", title: "Parallel coordinates", short: "Parallel", component: Placeholder },
  { id: "slice", title: "Slices", short: "Slices", component: Placeholder },
  { id: "contour", title: "Contour", short: "Contour", component: Placeholder },
  { id: "importance", title: "Parameter importance", short: "Importance", component: Placeholder },
  { id: "rank", title: "Rank", short: "Rank", component: Placeholder },
  { id: "ecdf", title: "Distribution of values", short: "Distribution", component: Placeholder },
  { id: "timeline", title: "Timeline of slots", short: "Timeline", component: Placeholder },
  { id: "saved", title: "Budget saved", short: "Saved", component: Placeholder },
];
