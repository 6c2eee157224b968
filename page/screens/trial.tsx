import { StopTrialButton } from "../actions/stop-button.tsx";
import { NoteButton } from "../actions/note-button.tsx";
import type { Cause } from "../../src/history/events.ts";
import type { TrialState } from "../../src/history/view.ts";
import type { RunRow, StudyHead, TrialDetail, TrialRow } from "../../src/views/payload.ts";
import { numberInWords } from "../charts/words.ts";
import { useNow } from "../hooks/use-now.ts";
import { useWatch } from "../hooks/use-study.ts";
import { CopyButton } from "../parts/copy-button.tsx";
import { Dot } from "../parts/dot.tsx";
import { LogTails } from "../parts/log-tails.tsx";
import { Notes } from "../parts/notes.tsx";
import { Empty } from "../parts/notice.tsx";
import { ParamsList } from "../parts/params-list.tsx";
import { TrialBadge } from "../parts/state-badge.tsx";
import { TrialCurve } from "../parts/trial-curve.tsx";
import { hrefOf } from "../route.ts";
import { budgetInWords, dateInWords, predictionInWords, reasonInWords, spanInWords, timeInWords } from "../words.ts";
import type { StudyProps } from "./study-props.ts";

/** A trial in them can be stopped. */
const OPEN: ReadonlySet<TrialState> = new Set(["waiting", "running", "paused"]);

/** One trial: why it was tried, what it did, how it ended. */
export function TrialScreen({ source, study, view, trial }: StudyProps & { readonly trial: number }) {
  const { head, trials } = study;
  const row = trials[trial];
  const { value: detail } = useWatch<TrialDetail>(`trial ${head.name} ${trial} ${row !== undefined}`, (watcher) =>
    row === undefined ? () => {} : source.watchTrial(head.name, trial, watcher),
  );
  const canStop = source.acts && row !== undefined && OPEN.has(row.state) && head.finished === null;
  return (
    <>
      <Crumbs head={head} all={source.only === undefined} />
      {row === undefined ? (
        <Empty>
          <h1 tabIndex={-1}>Trial {trial}</h1>
          <p>
            {head.name} has no such trial{trials.length === 0 ? "" : `; they end at ${trials.length - 1}`}.
          </p>
        </Empty>
      ) : (
        <>
          <div class="head">
            <div>
              <h1 tabIndex={-1}>
                Trial {trial} <TrialBadge state={row.state} />
              </h1>
              <Standing head={head} row={row} />
            </div>
            <div class="actions">
              {source.acts && <NoteButton source={source} study={head.name} trial={trial} />}
              {canStop && <StopTrialButton source={source} study={head.name} trial={trial} />}
              <Neighbours head={head} trials={trials} trial={trial} />
            </div>
          </div>
          {row.cause !== null && <Failure cause={row.cause} />}
          <div class="grid">
            <div class="column">
              <section class="card" aria-labelledby="params-title">
                <div class="card-head">
                  <h2 id="params-title">Parameters</h2>
                  <CopyButton text={JSON.stringify(row.params, null, 2)} what="the parameters as JSON" />
                </div>
                <ParamsList parameters={head.parameters} params={row.params} all />
                <Why head={head} row={row} />
              </section>
              {detail !== undefined && (
                <section class="card" aria-labelledby="story-title">
                  <h2 id="story-title">What happened</h2>
                  <ol class="story">
                    {detail.story.map(({ at, text }, index) => (
                      <li key={index}>
                        <time dateTime={new Date(at).toISOString()} title={dateInWords(at)}>
                          {timeInWords(at)}
                        </time>
                        <span>{text}</span>
                      </li>
                    ))}
                  </ol>
                </section>
              )}
            </div>
            <section class="card view" aria-labelledby="curve-title">
              <h2 id="curve-title">Curve</h2>
              <TrialCurve row={row} detail={detail} head={head} theme={view.theme} />
            </section>
            <section class="card wide" aria-labelledby="runs-title">
              <h2 id="runs-title">Runs</h2>
              <Runs head={head} runs={row.runs} />
            </section>
            {detail !== undefined && <LogTails logs={detail.logs} running={row.state === "running"} />}
            {detail !== undefined && (
              <section class="card wide" aria-labelledby="again-title">
                <div class="card-head">
                  <h2 id="again-title">Run it again</h2>
                  <CopyButton text={detail.again} what="the command" />
                </div>
                <pre class="command" tabIndex={0}>
                  {detail.again}
                </pre>
              </section>
            )}
            {head.notes.some((note) => note.trial === trial) && (
              <section class="card wide" aria-labelledby="notes-title">
                <h2 id="notes-title">Notes</h2>
                <Notes study={study} trial={trial} />
              </section>
            )}
          </div>
        </>
      )}
    </>
  );
}

function Crumbs({ head, all }: { readonly head: StudyHead; readonly all: boolean }) {
  return (
    <nav class="crumbs" aria-label="Breadcrumb">
      {all && (
        <>
          <a href={hrefOf({ page: "studies" })}>Studies</a> /{" "}
        </>
      )}
      <a href={hrefOf({ page: "overview", study: head.name })}>{head.name}</a> /{" "}
      <a href={hrefOf({ page: "trials", study: head.name })}>Trials</a>
    </nav>
  );
}

function Standing({ head, row }: { readonly head: StudyHead; readonly row: TrialRow }) {
  const after = budgetInWords(head, row.budget);
  return (
    <p class="meta">
      {row.value === null ? (
        OPEN.has(row.state) ? (
          `no ${head.metric.name} yet`
        ) : (
          `no ${head.metric.name}`
        )
      ) : (
        <>
          {head.metric.name} <b title={String(row.value)}>{numberInWords(row.value)}</b>
          {after !== undefined && ` after ${after}`}
        </>
      )}
      {head.best?.number === row.number && (
        <>
          <Dot />
          <span class="star" aria-hidden="true">
            ★
          </span>{" "}
          the best so far
        </>
      )}
      <Dot />
      {reasonInWords(row.reason)}
    </p>
  );
}

interface NeighboursProps {
  readonly head: StudyHead;
  readonly trials: readonly TrialRow[];
  readonly trial: number;
}

function Neighbours({ head, trials, trial }: NeighboursProps) {
  const link = (to: number, words: string) =>
    trials[to] !== undefined && (
      <a class="button" href={hrefOf({ page: "trial", study: head.name, trial: to })}>
        {words}
        <span class="unseen"> trial</span>
      </a>
    );
  return (
    <>
      {link(trial - 1, "‹ Previous")}
      {link(trial + 1, "Next ›")}
    </>
  );
}

function Failure({ cause }: { readonly cause: Cause }) {
  return (
    <section class="card failure" aria-labelledby="failure-title">
      <h2 id="failure-title">Cause of the failure</h2>
      <p>
        <b>{cause.message}</b>
      </p>
      {cause.detail !== undefined && (
        <pre class="log" tabIndex={0} aria-label="Details of the failure">
          {cause.detail}
        </pre>
      )}
    </section>
  );
}

function Why({ head, row }: { readonly head: StudyHead; readonly row: TrialRow }) {
  return (
    <dl class="facts">
      <div>
        <dt>Suggested by</dt>
        <dd>{row.source}</dd>
      </div>
      <div>
        <dt>Why</dt>
        <dd>{reasonInWords(row.suggested)}</dd>
      </div>
      {row.predicted !== null && (
        <div>
          <dt>Prediction</dt>
          <dd>{predictionInWords(row.predicted, row.value, head.metric.goal)}</dd>
        </div>
      )}
      {row.fallback !== null && (
        <div>
          <dt>Without a model</dt>
          <dd>{row.fallback}</dd>
        </div>
      )}
    </dl>
  );
}

function Runs({ head, runs }: { readonly head: StudyHead; readonly runs: readonly RunRow[] }) {
  const now = useNow(runs.some(({ endedAt }) => endedAt === null));
  if (runs.length === 0) return <p class="faint">It has not started yet.</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Table of runs">
      <table class="rows">
        <caption class="unseen">Runs of this trial, the first one first</caption>
        <thead>
          <tr>
            <th scope="col">Attempt</th>
            <th scope="col">State</th>
            {head.budget !== null && <th scope="col">Budget</th>}
            <th scope="col">Slot</th>
            <th scope="col">Started</th>
            <th scope="col" class="numeric">
              Time
            </th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.run}>
              <th scope="row">{run.attempt}</th>
              <td>{run.state}</td>
              {head.budget !== null && (
                <td class="nowrap">
                  {budgetInWords(head, run.budget)}
                  {run.startStep > 1 && <span class="faint"> from {run.startStep}</span>}
                </td>
              )}
              <td class="nowrap">{run.slot}</td>
              <td class="nowrap" title={dateInWords(run.startedAt)}>
                {timeInWords(run.startedAt)}
              </td>
              <td class="numeric">
                {spanInWords((run.endedAt ?? (run.state === "lost" ? run.startedAt : now)) - run.startedAt)}
              </td>
              <td class="words">{reasonInWords(run.stopReason ?? run.reason)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
