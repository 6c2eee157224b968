import { useState } from "preact/hooks";
import type { StudySummary, UnreadableStudy } from "../../src/views/payload.ts";
import { numberInWords } from "../charts/words.ts";
import { useNow } from "../hooks/use-now.ts";
import { useTitle } from "../hooks/use-title.ts";
import { useWatch } from "../hooks/use-study.ts";
import { ConnectionNotice, Empty } from "../parts/notice.tsx";
import { StudyBadge } from "../parts/state-badge.tsx";
import { totalOf, TrialCounts } from "../parts/trial-counts.tsx";
import { hrefOf } from "../route.ts";
import type { Source, StudyList } from "../source.ts";
import { agoInWords, dateInWords, sentence } from "../words.ts";

/** All studies of the folder, those that changed last first. */
export function StudiesScreen({ source }: { readonly source: Source }) {
  const { value: studies, connection } = useWatch<StudyList>("studies", (watcher) => source.watchStudies(watcher));
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const running = studies?.filter((study) => "state" in study && study.state === "running").length ?? 0;
  useTitle(running > 0 ? `${running} running · Studies` : "Studies");
  const change = (name: string, on: boolean): void =>
    setChosen((before) => (on ? [...before, name] : before.filter((each) => each !== name)));
  return (
    <>
      <div class="head">
        <div>
          <h1 tabIndex={-1}>Studies</h1>
          {studies !== undefined && studies.length > 0 && (
            <p class="meta">
              {studies.length} in this folder{running > 0 && `, ${running} running`}. Choose two or more to compare
              them.
            </p>
          )}
        </div>
        {chosen.length > 1 && (
          <a class="button primary" href={hrefOf({ page: "compare", studies: chosen })}>
            Compare {chosen.length} studies
          </a>
        )}
      </div>
      <ConnectionNotice connection={connection} />
      {studies === undefined ? (
        <Empty>
          {connection.kind === "refused" ? (
            <p role="alert">{sentence(connection.problem)}</p>
          ) : (
            <p role="status">Reading the studies…</p>
          )}
        </Empty>
      ) : studies.length === 0 ? (
        <Empty>
          <p>No studies in this folder yet.</p>
          <p>
            <code>hpo study start space.json</code> makes one, and it appears here by itself.
          </p>
        </Empty>
      ) : (
        <StudiesTable studies={studies} chosen={chosen} onChoose={change} />
      )}
    </>
  );
}

interface TableProps {
  readonly studies: StudyList;
  readonly chosen: readonly string[];
  readonly onChoose: (name: string, on: boolean) => void;
}

function StudiesTable({ studies, chosen, onChoose }: TableProps) {
  const now = useNow(true);
  const sorted = [...studies].sort((a, b) => updatedAt(b) - updatedAt(a) || a.name.localeCompare(b.name));
  return (
    <div class="card flush scroll" tabIndex={0} role="region" aria-label="Studies">
      <table class="rows studies">
        <caption class="unseen">Studies, those that changed last first</caption>
        <thead>
          <tr>
            <th scope="col" class="pick">
              <span class="unseen">Compare</span>
            </th>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col">Best</th>
            <th scope="col">Trials</th>
            <th scope="col">Strategy</th>
            <th scope="col">Last change</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((study) => (
            <StudyLine
              key={study.name}
              study={study}
              now={now}
              chosen={chosen.includes(study.name)}
              onChoose={onChoose}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface LineProps {
  readonly study: StudySummary | UnreadableStudy;
  readonly now: number;
  readonly chosen: boolean;
  readonly onChoose: TableProps["onChoose"];
}

function StudyLine({ study, now, chosen, onChoose }: LineProps) {
  if ("problem" in study) {
    return (
      <tr>
        <td />
        <th scope="row">{study.name}</th>
        <td colSpan={5} class="problem">
          Cannot be read: {study.problem}
        </td>
      </tr>
    );
  }
  const { name, state, best, metric, trials, strategy } = study;
  return (
    <tr>
      <td class="pick">
        <input
          type="checkbox"
          checked={chosen}
          aria-label={`Compare ${name}`}
          onChange={(event) => onChoose(name, event.currentTarget.checked)}
        />
      </td>
      <th scope="row">
        <a href={hrefOf({ page: "overview", study: name })}>{name}</a>
      </th>
      <td>
        <StudyBadge state={state} />
      </td>
      <td>
        {best === null ? (
          <span class="faint">none yet</span>
        ) : (
          <>
            <span class="faint">{metric.name}</span> <b class="number">{numberInWords(best.value)}</b>
          </>
        )}
      </td>
      <td>
        <div class="with-bar">
          <span class="number">{totalOf(trials)}</span>
          <TrialCounts counts={trials} />
        </div>
      </td>
      <td>{strategy}</td>
      <td title={dateInWords(study.updatedAt)} class="nowrap">
        {agoInWords(study.updatedAt, now)}
      </td>
    </tr>
  );
}

function updatedAt(study: StudySummary | UnreadableStudy): number {
  return "problem" in study ? Number.NEGATIVE_INFINITY : study.updatedAt;
}
