import { useCallback, useState } from "preact/hooks";
import { Chart } from "../chart.tsx";
import { historyPicture } from "../charts/history.ts";
import type { Look } from "../charts/picture.ts";
import { deservesLog } from "../charts/scale.ts";
import { lastValue } from "../charts/trials.ts";
import type { ViewProps } from "../view-props.ts";
import { Choice, Switch } from "./controls.tsx";

export function HistoryView({ study, selection, onOpen, theme }: ViewProps) {
  const [by, setBy] = useState<"number" | "time">("number");
  const [log, setLog] = useState(false);
  const draw = useCallback((look: Look) => historyPicture(study, look, { by, log }), [study, by, log]);
  return (
    <Chart name="history" {...{ draw, theme, selection, onOpen }}>
      <Choice
        label="Over"
        value={by}
        options={[
          ["number", "trials"],
          ["time", "time"],
        ]}
        onChange={(value) => setBy(value === "time" ? "time" : "number")}
      />
      {deservesLog(study.trials.flatMap((row) => lastValue(row) ?? [])) && (
        <Switch label="Logarithmic values" on={log} onChange={setLog} />
      )}
    </Chart>
  );
}
