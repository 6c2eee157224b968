import { count } from "../charts/words.ts";
import { parameterInWords } from "../compare.ts";
import { Figures } from "../parts/figures.tsx";
import { LatestTrials } from "../parts/latest-trials.tsx";
import { Notes } from "../parts/notes.tsx";
import { CopyButton } from "../parts/copy-button.tsx";
import { ParamsList } from "../parts/params-list.tsx";
import { WhenNear } from "../parts/when-near.tsx";
import { hrefOf } from "../route.ts";
import { VIEWS, type View } from "../views.ts";
import type { ViewProps } from "../view-props.ts";
import { dateInWords, paramsInWords, stopsInWords } from "../words.ts";
import type { StudyProps } from "./study-props.ts";

/** The views that say most at a glance, in their order; the second of a pair stands beside the first. */
const SHOWN = ["history", "curves", "parallel", "importance", "timeline"];

/** How many queued configurations are listed. */
const QUEUE = 5;

/** A study at a glance. */
export function OverviewScreen({ study, view }: StudyProps) {
  const { head } = study;
  const views = SHOWN.flatMap((id) => VIEWS.find((each) => each.id === id) ?? []);
  return (
    <>
      <Figures study={study} />
      <div class="grid">
        {views.slice(0, 2).map((each) => (
          <ViewCard key={each.id} view={each} props={view} />
        ))}
        {views.slice(2, 3).map((each) => (
          <ViewCard key={each.id} view={each} props={view} wide />
        ))}
        <div class="column">
          <section class="card" aria-labelledby="best-title">
            <div class="card-head">
              <h2 id="best-title">Best configuration</h2>
              {head.best !== null && (
                <CopyButton text={JSON.stringify(head.best.params, null, 2)} what="the best configuration as JSON" />
              )}
            </div>
            {head.best === null ? (
              <p class="faint">No trial has completed yet.</p>
            ) : (
              <ParamsList parameters={head.parameters} params={head.best.params} all />
            )}
          </section>
          <section class="card" aria-labelledby="latest-title">
            <div class="card-head">
              <h2 id="latest-title">Latest trials</h2>
              <a href={hrefOf({ page: "trials", study: head.name })}>All trials</a>
            </div>
            <LatestTrials study={study} />
          </section>
          {head.queue.length > 0 && (
            <section class="card" aria-labelledby="queue-title">
              <h2 id="queue-title">Queue</h2>
              <p class="meta">Configurations that will be tried next.</p>
              <ol class="queue">
                {head.queue.slice(0, QUEUE).map((params, index) => (
                  <li key={index}>{paramsInWords(params)}</li>
                ))}
              </ol>
              {head.queue.length > QUEUE && <p class="faint">And {head.queue.length - QUEUE} more.</p>}
            </section>
          )}
          <section class="card" aria-labelledby="notes-title">
            <h2 id="notes-title">Notes</h2>
            <Notes study={study} />
          </section>
          <section class="card" aria-labelledby="about-title">
            <h2 id="about-title">About this study</h2>
            <About study={study} />
          </section>
        </div>
        <div class="column">
          {views.slice(3).map((each) => (
            <ViewCard key={each.id} view={each} props={view} />
          ))}
        </div>
      </div>
    </>
  );
}

interface CardProps {
  readonly view: View;
  readonly props: ViewProps;
  readonly wide?: boolean;
}

function ViewCard({ view: { id, title, component: Component }, props, wide = false }: CardProps) {
  return (
    <section class={`card view ${wide ? "wide" : ""}`} aria-labelledby={`${id}-title`}>
      <div class="card-head">
        <h2 id={`${id}-title`}>{title}</h2>
        <a href={hrefOf({ page: "view", study: props.study.head.name, view: id })}>
          Open<span class="unseen"> {title}</span>
        </a>
      </div>
      <WhenNear>
        <Component {...props} />
      </WhenNear>
    </section>
  );
}

function About({ study: { head } }: Pick<StudyProps, "study">) {
  const { budget, seed, folder, createdAt, sessions, safety, fallbacks, rungs } = head;
  const facts: readonly (readonly [string, string])[] = [
    ["Folder", folder],
    ["Created", dateInWords(createdAt)],
    ["Seed", String(seed)],
    ...(budget === null ? [] : [["Budget", `${budget.min} to ${budget.max} ${budget.unit}`] as const]),
    ...(rungs.length === 0 ? [] : [["Rungs", rungs.join(", ")] as const]),
    ...(sessions.length < 2 ? [] : [["Sessions", String(sessions.length)] as const]),
    ...(fallbacks === 0 ? [] : [["Suggested without a model", count(fallbacks, "trial")] as const]),
    ...(safety === null ? [] : [["Stops checked", stopsInWords(safety)] as const]),
    ...Object.keys(head.parameters).map((name) => [name, parameterInWords(head, name)] as const),
  ];
  return (
    <dl class="facts">
      {facts.map(([term, words]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  );
}
