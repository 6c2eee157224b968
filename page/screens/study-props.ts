import type { Route } from "../route.ts";
import type { Source } from "../source.ts";
import type { Study } from "../study.ts";
import type { ViewProps } from "../view-props.ts";

/** Where the page is in a study. */
export type StudyRoute = Extract<Route, { readonly study: string }>;

/** What the screens of one study get. */
export interface StudyProps {
  readonly source: Source;
  readonly study: Study;
  readonly view: ViewProps;
}
