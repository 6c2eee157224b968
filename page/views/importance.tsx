import { useCallback } from "preact/hooks";
import { Chart } from "../chart.tsx";
import { importancePicture } from "../charts/importance.ts";
import type { Look } from "../charts/picture.ts";
import type { ViewProps } from "../view-props.ts";

export function ImportanceView({ study, importance, theme }: ViewProps) {
  const draw = useCallback((look: Look) => importancePicture(study, importance, look), [study, importance]);
  return <Chart name="importance" draw={draw} theme={theme} />;
}
