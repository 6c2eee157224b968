import { useCallback, useRef, useState } from "preact/hooks";
import { Chart } from "../chart.tsx";
import { parallelAxes, parallelPicture, trialsWithin, type Brushed } from "../charts/parallel.ts";
import type { Look } from "../charts/picture.ts";
import { comparable } from "../charts/trials.ts";
import type { ViewProps } from "../view-props.ts";
import { LastValues, LogValues } from "./wishes.tsx";

export function ParallelView({ study, selection, onSelect, onOpen, theme }: ViewProps) {
  const [all, setAll] = useState(false);
  const [log, setLog] = useState(false);
  const brushed = useRef<Brushed>(new Map());
  // The picture itself shows what is brushed in it: only what was picked elsewhere is dimmed by us.
  const [own, setOwn] = useState<ViewProps["selection"]>();
  const draw = useCallback((look: Look) => parallelPicture(study, look, { all, log }), [study, all, log]);
  const onBrush = (axis: number, pieces: readonly (readonly [number, number])[]): void => {
    brushed.current = new Map([...brushed.current, [axis, pieces] as const].filter(([, each]) => each.length > 0));
    const valued = comparable(study, all);
    const picked =
      brushed.current.size === 0 ? undefined : trialsWithin(parallelAxes(study, valued, log), valued, brushed.current);
    setOwn(picked);
    onSelect(picked);
  };
  return (
    <Chart
      // Brushed pieces are places on axes, which other values change.
      key={`${String(all)} ${String(log)}`}
      name="parallel"
      {...{ draw, theme, onOpen, onBrush }}
      selection={selection === own ? undefined : selection}
    >
      <LastValues {...{ study, all }} onChange={setAll} />
      <LogValues {...{ study, all, log }} onChange={setLog} />
      <span class="chart-hint">Drag along an axis to select trials; click it to select all again.</span>
    </Chart>
  );
}
