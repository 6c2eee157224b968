import { useCallback, useState } from "preact/hooks";
import { Chart } from "../chart.tsx";
import type { Look } from "../charts/picture.ts";
import { rankPicture } from "../charts/rank.ts";
import type { ViewProps } from "../view-props.ts";
import { LastValues } from "./wishes.tsx";

export function RankView({ study, importance, selection, onOpen, theme }: ViewProps) {
  const [all, setAll] = useState(false);
  const draw = useCallback((look: Look) => rankPicture(study, importance, look, { all }), [study, importance, all]);
  return (
    <Chart name="rank" {...{ draw, theme, selection, onOpen }}>
      <LastValues {...{ study, all }} onChange={setAll} />
    </Chart>
  );
}
