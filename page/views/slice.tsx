import { useCallback, useState } from "preact/hooks";
import { Chart } from "../chart.tsx";
import type { Look } from "../charts/picture.ts";
import { slicePicture } from "../charts/slice.ts";
import type { ViewProps } from "../view-props.ts";
import { LastValues, LogValues } from "./wishes.tsx";

export function SliceView({ study, selection, onOpen, theme }: ViewProps) {
  const [all, setAll] = useState(false);
  const [log, setLog] = useState(false);
  const draw = useCallback((look: Look) => slicePicture(study, look, { all, log }), [study, all, log]);
  return (
    <Chart name="slice" {...{ draw, theme, selection, onOpen }}>
      <LastValues {...{ study, all }} onChange={setAll} />
      <LogValues {...{ study, all, log }} onChange={setLog} />
    </Chart>
  );
}
