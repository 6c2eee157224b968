import { useCallback } from "preact/hooks";
import { Chart } from "../chart.tsx";
import type { Look } from "../charts/picture.ts";
import { savedPicture } from "../charts/saved.ts";
import type { ViewProps } from "../view-props.ts";

export function SavedView({ study, selection, onOpen, theme }: ViewProps) {
  const draw = useCallback((look: Look) => savedPicture(study, look), [study]);
  return <Chart name="saved" {...{ draw, theme, selection, onOpen }} />;
}
