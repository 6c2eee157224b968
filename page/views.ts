import type { ComponentType } from "preact";
import type { ViewProps } from "./view-props.ts";
import { Placeholder } from "./views/placeholder.tsx";

export interface View {
  /** Stands in addresses. */
  readonly id: string;
  readonly title: string;
  readonly component: ComponentType<ViewProps>;
}

/** The views of a study, in their order. */
export const VIEWS: readonly View[] = [
  { id: "history", title: "Optimisation history", component: Placeholder },
  { id: "curves", title: "Learning curves", component: Placeholder },
  { id: "parallel", title: "Parallel coordinates", component: Placeholder },
  { id: "slice", title: "Slices", component: Placeholder },
  { id: "contour", title: "Contour", component: Placeholder },
  { id: "importance", title: "Parameter importance", component: Placeholder },
  { id: "rank", title: "Rank", component: Placeholder },
  { id: "ecdf", title: "Distribution of values", component: Placeholder },
  { id: "timeline", title: "Timeline of slots", component: Placeholder },
  { id: "saved", title: "Budget saved", component: Placeholder },
];
