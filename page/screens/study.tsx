import { useEffect, useRef, useState } from "preact/hooks";
import { numberInWords } from "../charts/words.ts";
import { useImportance, useStudy } from "../hooks/use-study.ts";
import { useTitle } from "../hooks/use-title.ts";
import { ConnectionNotice, Empty } from "../parts/notice.tsx";
import { say } from "../parts/say.ts";
import { hrefOf } from "../route.ts";
import type { Source } from "../source.ts";
import type { Study } from "../study.ts";
import type { Selection, Theme, ViewProps } from "../view-props.ts";
import { sentence } from "../words.ts";
import { OverviewScreen } from "./overview.tsx";
import type { StudyProps, StudyRoute } from "./study-props.ts";
import { StudyHeader } from "./study-header.tsx";
import { TrialScreen } from "./trial.tsx";
import { TrialsScreen } from "./trials.tsx";
import { ViewScreen } from "./view.tsx";

interface Props {
  readonly source: Source;
  readonly route: StudyRoute;
  readonly theme: Theme;
}

/** The screens of one study: they share its data, live, and what is selected. */
export function StudyScreens({ source, route, theme }: Props) {
  const { value: study, connection } = useStudy(source, route.study);
  const importance = useImportance(source, study);
  const [selection, setSelection] = useState<Selection>();
  useTitle(titleOf(route, study));
  useNewBest(study);
  if (study === undefined) {
    return (
      <Empty>
        <h1 tabIndex={-1}>{route.study}</h1>
        {connection.kind === "refused" ? (
          <>
            <p role="alert">{sentence(connection.problem)}</p>
            <p>
              <a href={hrefOf({ page: "studies" })}>All studies</a>
            </p>
          </>
        ) : (
          <p role="status">
            {connection.kind === "lost" ? "The dashboard does not answer, trying again…" : "Reading the study…"}
          </p>
        )}
      </Empty>
    );
  }
  const onOpen = (trial: number): void => {
    location.hash = hrefOf({ page: "trial", study: study.head.name, trial });
  };
  const view: ViewProps = { study, importance, selection, onSelect: setSelection, onOpen, theme };
  const props: StudyProps = { source, study, view };
  if (route.page === "trial") {
    return (
      <>
        <ConnectionNotice connection={connection} />
        <TrialScreen key={route.trial} {...props} trial={route.trial} />
      </>
    );
  }
  return (
    <>
      <StudyHeader {...props} route={route} />
      <ConnectionNotice connection={connection} />
      {route.page === "overview" && <OverviewScreen {...props} />}
      {route.page === "trials" && <TrialsScreen {...props} />}
      {route.page === "view" && <ViewScreen {...props} id={route.view} />}
    </>
  );
}

function titleOf(route: StudyRoute, study: Study | undefined): string {
  if (study === undefined) return route.study;
  const { best, metric, state, name } = study.head;
  const standing = best === null ? state : `${state}, ${metric.name} ${numberInWords(best.value)}`;
  return route.page === "trial" ? `Trial ${route.trial} · ${name} (${standing})` : `${name} (${standing})`;
}

/** Says each new best, but not the one that was there when the page was opened. */
function useNewBest(study: Study | undefined): void {
  const known = useRef<string | undefined>(undefined);
  const best = study?.head.best;
  const key = best === undefined ? undefined : `${best?.number} ${best?.value}`;
  useEffect(() => {
    if (known.current !== undefined && best !== undefined && best !== null) {
      say(`New best: ${study?.head.metric.name} ${numberInWords(best.value)}, trial ${best.number}.`);
    }
    known.current = key;
  }, [key]);
}
