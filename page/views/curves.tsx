import { useCallback, useMemo, useState } from "preact/hooks";
import { Chart } from "../chart.tsx";
import { curvesPicture } from "../charts/curves.ts";
import type { Look } from "../charts/picture.ts";
import { canBeLog } from "../charts/scale.ts";
import type { ViewProps } from "../view-props.ts";
import { Choice, Switch } from "./controls.tsx";

export function CurvesView({ study, selection, onOpen, theme }: ViewProps) {
  const [colour, setColour] = useState<"state" | "value">("state");
  const [log, setLog] = useState(false);
  const [logSteps, setLogSteps] = useState(false);
  const draw = useCallback(
    (look: Look) => curvesPicture(study, look, { colour, log, logSteps }),
    [study, colour, log, logSteps],
  );
  const positive = useMemo(
    () => study.trials.every(({ curve }) => canBeLog(curve.filter((_, i) => i % 2 === 1)) || curve.length === 0),
    [study],
  );
  return (
    <Chart name="curves" {...{ draw, theme, selection, onOpen }}>
      <Choice
        label="Colour"
        value={colour}
        options={[
          ["state", "by state"],
          ["value", "by last value"],
        ]}
        onChange={(value) => setColour(value === "value" ? "value" : "state")}
      />
      {positive && <Switch label="Logarithmic values" on={log} onChange={setLog} />}
      <Switch label="Logarithmic steps" on={logSteps} onChange={setLogSteps} />
    </Chart>
  );
}
