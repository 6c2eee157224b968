import { useCallback } from "preact/hooks";
import { Chart } from "../chart.tsx";
import type { Look } from "../charts/picture.ts";
import { timelinePicture } from "../charts/timeline.ts";
import type { ViewProps } from "../view-props.ts";

export function TimelineView({ study, selection, onOpen, theme }: ViewProps) {
  const draw = useCallback((look: Look) => timelinePicture(study, look), [study]);
  return <Chart name="timeline" {...{ draw, theme, selection, onOpen }} />;
}
