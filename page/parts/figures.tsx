import type { ComponentChildren } from "preact";
import { numberInWords, percentInWords } from "../charts/words.ts";
import { useNow } from "../hooks/use-now.ts";
import { hrefOf } from "../route.ts";
import type { Study } from "../study.ts";
import { budgetInWords, clockInWords, elapsedTime } from "../words.ts";
import { totalOf, TrialCounts } from "./trial-counts.tsx";

/** The figures that are looked at first. */
export function Figures({ study: { head } }: { readonly study: Study }) {
  const running = head.state === "running";
  const now = useNow(running);
  const { best, metric, trials, steps, stop } = head;
  const session = head.sessions.at(-1);
  const busy = trials.running ?? 0;
  const ended = (trials.complete ?? 0) + (trials.pruned ?? 0) + (trials.failed ?? 0);
  return (
    <dl class="figures">
      <Figure title={`Best ${metric.name}`}>
        {best === null ? (
          <span class="figure faint">none yet</span>
        ) : (
          <>
            <span class="figure" title={String(best.value)}>
              {numberInWords(best.value)}
            </span>
            <span class="under">
              <a href={hrefOf({ page: "trial", study: head.name, trial: best.number })}>trial {best.number}</a>
              {head.budget !== null && ` after ${budgetInWords(head, best.budget)}`}
            </span>
          </>
        )}
      </Figure>
      <Figure title="Trials" wide>
        <span class="figure">
          {totalOf(trials)}
          {stop.trials !== null && <span class="of"> of {stop.trials}</span>}
        </span>
        <TrialCounts counts={trials} legend />
      </Figure>
      {running && session !== undefined && (
        <Figure title="Slots busy">
          <span class="figure">
            {Math.min(busy, session.slots.length)}
            <span class="of"> of {session.slots.length}</span>
          </span>
          <span class="under clip" title={session.slots.join(", ")}>
            {session.slots.join(", ")}
          </span>
        </Figure>
      )}
      {steps !== null && steps.whole > 0 && (
        <Figure title={running ? "Budget saved so far" : "Budget saved"}>
          <span class="figure">{percentInWords(Math.max(0, 1 - steps.done / steps.whole))}</span>
          <span class="under">
            {numberInWords(steps.done)} of {budgetInWords(head, steps.whole)} done
          </span>
        </Figure>
      )}
      <Figure title="Time">
        <span class="figure">{clockInWords(elapsedTime(head, now))}</span>
        <span class="under">
          {ended} ended{head.sessions.length > 1 && `, ${head.sessions.length} sessions`}
        </span>
      </Figure>
    </dl>
  );
}

interface FigureProps {
  readonly title: string;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

function Figure({ title, wide = false, children }: FigureProps) {
  return (
    <div class={`card ${wide ? "wide" : ""}`}>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
