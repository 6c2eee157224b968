import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Action } from "../../src/views/payload.ts";
import { useAct } from "../hooks/use-act.ts";
import { Modal } from "../parts/modal.tsx";
import { ResultNotice } from "../parts/result-notice.tsx";
import type { Source } from "../source.ts";

interface Props {
  readonly source: Source;
  readonly study: string;
}

export function StopStudyButton(props: Props) {
  return (
    <StopButton {...props} action={{ kind: "stop" }} label="Stop the study" question="Stop this study?">
      The trials that run now end where they are. Nothing is lost: <code>hpo study resume</code> goes on with it.
    </StopButton>
  );
}

export function StopTrialButton({ trial, ...props }: Props & { readonly trial: number }) {
  return (
    <StopButton
      {...props}
      action={{ kind: "stop-trial", trial }}
      label="Stop this trial"
      question={`Stop trial ${trial}?`}
    >
      It ends with what it has reported so far, and its slot goes on with another trial. It cannot be started again.
    </StopButton>
  );
}

interface StopProps extends Props {
  readonly action: Action;
  readonly label: string;
  readonly question: string;
  readonly children: ComponentChildren;
}

/** Stops after a question: nothing is stopped by a slip of the hand. */
function StopButton({ source, study, action, label, question, children }: StopProps) {
  const [asking, setAsking] = useState(false);
  const { busy, result, act } = useAct(source, study);
  const stop = async (): Promise<void> => {
    const { kind } = await act(action);
    if (kind === "done") setAsking(false);
  };
  return (
    <>
      <button type="button" class="danger" disabled={result?.kind === "done"} onClick={() => setAsking(true)}>
        {result?.kind === "done" ? "Told to stop" : label}
      </button>
      {asking && (
        <Modal title={question} onClose={() => setAsking(false)}>
          <p>{children}</p>
          <ResultNotice result={result} />
          <div class="buttons">
            <button type="button" onClick={() => setAsking(false)}>
              Go on
            </button>
            <button type="button" class="danger solid" disabled={busy} onClick={() => void stop()}>
              {label}
            </button>
          </div>
        </Modal>
      )}
    </>
  );
}
