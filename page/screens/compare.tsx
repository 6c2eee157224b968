import { useEffect, useState } from "preact/hooks";
import { differencesOf } from "../compare.ts";
import { numberInWords } from "../charts/words.ts";
import { useNow } from "../hooks/use-now.ts";
import { useTitle } from "../hooks/use-title.ts";
import { ComparisonChart } from "../parts/comparison-chart.tsx";
import { Empty } from "../parts/notice.tsx";
import { StudyBadge } from "../parts/state-badge.tsx";
import { totalOf } from "../parts/trial-counts.tsx";
import { hrefOf } from "../route.ts";
import type { Source } from "../source.ts";
import { applyChanges, type Study } from "../study.ts";
import type { Theme } from "../view-props.ts";
import { clockInWords, elapsedTime } from "../words.ts";

interface Props {
  readonly source: Source;
  readonly names: readonly string[];
  readonly theme: Theme;
}

type Loaded = ReadonlyMap<string, Study | Error>;

/** Studies side by side. */
export function CompareScreen({ source, names, theme }: Props) {
  useTitle(`${names.join(", ")} compared`);
  const loaded = useStudies(source, names);
  const studies = names.flatMap((name) => {
    const study = loaded.get(name);
    return study === undefined || study instanceof Error ? [] : [study];
  });
  const problems = names.flatMap((name) => {
    const problem = loaded.get(name);
    return problem instanceof Error ? [`${name}: ${problem.message}`] : [];
  });
  return (
    <>
      <nav class="crumbs" aria-label="Breadcrumb">
        <a href={hrefOf({ page: "studies" })}>Studies</a>
      </nav>
      <div class="head">
        <h1 tabIndex={-1}>Comparison of {names.length} studies</h1>
      </div>
      {problems.map((problem) => (
        <p key={problem} class="notice problem" role="alert">
          {problem}
        </p>
      ))}
      {loaded.size < names.length ? (
        <Empty>
          <p role="status">Reading the studies…</p>
        </Empty>
      ) : studies.length === 0 ? (
        <Empty>
          <p>There is nothing to compare.</p>
        </Empty>
      ) : (
        <Comparison studies={studies} theme={theme} />
      )}
    </>
  );
}

function Comparison({ studies, theme }: { readonly studies: readonly Study[]; readonly theme: Theme }) {
  const heads = studies.map(({ head }) => head);
  const now = useNow(heads.some(({ state }) => state === "running"));
  const differences = differencesOf(heads);
  const metrics = new Set(heads.map(({ metric }) => `${metric.goal} ${metric.name}`));
  return (
    <div class="grid">
      {metrics.size > 1 && (
        <p class="notice wide">These studies have different metrics: their values say nothing about each other.</p>
      )}
      {(["trials", "time"] as const).map((by) => (
        <section key={by} class="card view" aria-labelledby={`by-${by}`}>
          <h2 id={`by-${by}`}>{by === "trials" ? "Best so far, by trials ended" : "Best so far, by time"}</h2>
          <ComparisonChart studies={studies} by={by} theme={theme} />
        </section>
      ))}
      <section class="card flush wide" aria-labelledby="studies-title">
        <h2 id="studies-title">Studies</h2>
        <div class="scroll" tabIndex={0} role="region" aria-label="Table of the studies">
          <table class="rows">
            <caption class="unseen">How the studies stand</caption>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">State</th>
                <th scope="col">Strategy</th>
                <th scope="col" class="numeric">
                  Best
                </th>
                <th scope="col" class="numeric">
                  Trials
                </th>
                <th scope="col" class="numeric">
                  Time
                </th>
              </tr>
            </thead>
            <tbody>
              {heads.map((head) => (
                <tr key={head.name}>
                  <th scope="row">
                    <a href={hrefOf({ page: "overview", study: head.name })}>{head.name}</a>
                  </th>
                  <td>
                    <StudyBadge state={head.state} />
                  </td>
                  <td>{head.strategy}</td>
                  <td class="numeric">{head.best === null ? "" : numberInWords(head.best.value)}</td>
                  <td class="numeric">{totalOf(head.trials)}</td>
                  <td class="numeric">{clockInWords(elapsedTime(head, now))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      {heads.length > 1 && (
        <section class="card flush wide" aria-labelledby="differences-title">
          <h2 id="differences-title">Settings that differ</h2>
          {differences.length === 0 ? (
            <p class="faint pad">None: all of them are the same.</p>
          ) : (
            <div class="scroll" tabIndex={0} role="region" aria-label="Table of the settings that differ">
              <table class="rows">
                <caption class="unseen">Settings that differ</caption>
                <thead>
                  <tr>
                    <th scope="col">Setting</th>
                    {heads.map(({ name }) => (
                      <th key={name} scope="col">
                        {name}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {differences.map(({ setting, values }) => (
                    <tr key={setting}>
                      <th scope="row">{setting}</th>
                      {values.map((value, index) => (
                        <td key={index}>{value}</td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </section>
      )}
    </div>
  );
}

/**
 * The studies, read again when the list says that they changed: browsers hold only six streams at a time, which studies to
 * compare would use up.
 */
function useStudies(source: Source, names: readonly string[]): Loaded {
  const [loaded, setLoaded] = useState<Loaded>(new Map());
  const key = names.join("\n");
  useEffect(() => {
    let stopped = false;
    const seen = new Map<string, number>();
    const known = new Map<string, Study | Error>();
    setLoaded(new Map());
    const load = async (name: string): Promise<void> => {
      const before = known.get(name);
      const study = before instanceof Error ? undefined : before;
      known.set(
        name,
        await source.changes(name, study?.seq ?? -1).then(
          (changes) => applyChanges(study, changes),
          (error: Error) => study ?? error,
        ),
      );
      if (!stopped) setLoaded(new Map(known));
    };
    for (const name of names) void load(name);
    const stop = source.watchStudies({
      connection: () => {},
      next: (list) => {
        for (const study of list) {
          if (!names.includes(study.name) || "problem" in study) continue;
          if (seen.has(study.name) && seen.get(study.name) !== study.updatedAt) void load(study.name);
          seen.set(study.name, study.updatedAt);
        }
      },
    });
    return () => {
      stopped = true;
      stop();
    };
  }, [key]);
  return loaded;
}
