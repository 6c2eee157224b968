import { useCallback, useState } from "preact/hooks";
import type { StudyHead, TrialDetail, TrialRow } from "../../src/views/payload.ts";
import { Chart } from "../chart.tsx";
import type { Look } from "../charts/picture.ts";
import { trialCurvePicture } from "../charts/trial-curve.ts";
import type { Theme } from "../view-props.ts";
import { Switch } from "../views/controls.tsx";

interface Props {
  readonly row: TrialRow;
  readonly detail: TrialDetail | undefined;
  readonly head: StudyHead;
  readonly theme: Theme;
}

/** What the trial reported, step by step. */
export function TrialCurve({ row, detail, head, theme }: Props) {
  const [log, setLog] = useState(false);
  const draw = useCallback(
    (look: Look) => trialCurvePicture(row, detail, head, look, { log }),
    [row, detail, head, log],
  );
  return (
    <Chart name={`trial-${String(row.number)}`} draw={draw} theme={theme}>
      {row.curve.length > 2 && <Switch label="Logarithmic values" on={log} onChange={setLog} />}
    </Chart>
  );
}
