import { useEffect, useRef } from "preact/hooks";
import { StudyActions } from "../actions/study-actions.tsx";
import { count } from "../charts/words.ts";
import { Dot } from "../parts/dot.tsx";
import { StudyBadge } from "../parts/state-badge.tsx";
import { hrefOf } from "../route.ts";
import { VIEWS } from "../views.ts";
import type { StudyProps, StudyRoute } from "./study-props.ts";

/** The name of a study, what it is about, what may be done to it, and where to go in it. */
export function StudyHeader({ source, study, view, route }: StudyProps & { readonly route: StudyRoute }) {
  const { name, state, metric, strategy, stopInWords, finished } = study.head;
  const { selection, onSelect } = view;
  const tabs = useRef<HTMLElement>(null);
  const where = hrefOf(route);
  // A narrow screen does not show all of them.
  useEffect(() => {
    tabs.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [where]);
  const link = (to: StudyRoute, title: string) => {
    const here = to.page === route.page && (to.page !== "view" || route.page !== "view" || to.view === route.view);
    return (
      <li>
        <a href={hrefOf(to)} aria-current={here ? "page" : undefined}>
          {title}
        </a>
      </li>
    );
  };
  return (
    <>
      {source.only === undefined && (
        <nav class="crumbs" aria-label="Breadcrumb">
          <a href={hrefOf({ page: "studies" })}>Studies</a>
        </nav>
      )}
      <div class="head">
        <div>
          <h1 tabIndex={-1}>
            {name} <StudyBadge state={state} />
          </h1>
          <p class="meta">
            {metric.goal} <b>{metric.name}</b>
            <Dot />
            {strategy}
            <Dot />
            {finished === null ? <>ends {stopInWords}</> : finished}
          </p>
        </div>
        {source.acts && <StudyActions source={source} study={study} />}
      </div>
      <nav ref={tabs} class="tabs" aria-label="Of this study">
        <ul>
          {link({ page: "overview", study: name }, "Overview")}
          {link({ page: "trials", study: name }, "Trials")}
          {VIEWS.map(({ id, short }) => link({ page: "view", study: name, view: id }, short))}
        </ul>
      </nav>
      {selection !== undefined && (
        <p class="chip" role="status">
          {count(selection.size, "trial")} selected
          <a href={hrefOf({ page: "trials", study: name })}>Show in the table</a>
          <button type="button" class="small" onClick={() => onSelect(undefined)}>
            Clear<span class="unseen"> the selection</span>
          </button>
        </p>
      )}
    </>
  );
}
