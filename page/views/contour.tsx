import { useCallback, useState } from "preact/hooks";
import { Chart } from "../chart.tsx";
import { contourPicture } from "../charts/contour.ts";
import { defaultPair, type Pair } from "../charts/pair.ts";
import type { Look } from "../charts/picture.ts";
import type { ViewProps } from "../view-props.ts";
import { Choice } from "./controls.tsx";
import { LastValues } from "./wishes.tsx";

export function ContourView({ study, importance, selection, onOpen, theme }: ViewProps) {
  const [all, setAll] = useState(false);
  const [chosen, setChosen] = useState<Pair>();
  const pair = chosen ?? defaultPair(study, importance);
  const [first, second] = pair ?? ["", ""];
  const draw = useCallback(
    (look: Look) =>
      contourPicture(study, importance, look, { all, ...(first === "" ? {} : { pair: [first, second] }) }),
    [study, importance, all, first, second],
  );
  const names = Object.keys(study.head.parameters);
  // One that is chosen twice takes the other's place.
  const choose = (place: 0 | 1, name: string): void => {
    const other = place === 0 ? second : first;
    const swapped = name === other ? (place === 0 ? first : second) : other;
    setChosen(place === 0 ? [name, swapped] : [swapped, name]);
  };
  return (
    <Chart name="contour" {...{ draw, theme, selection, onOpen }}>
      {pair !== undefined && (
        <>
          <Choice
            label="Across"
            value={first}
            options={names.map((name) => [name, name])}
            onChange={(name) => choose(0, name)}
          />
          <Choice
            label="Up"
            value={second}
            options={names.map((name) => [name, name])}
            onChange={(name) => choose(1, name)}
          />
        </>
      )}
      <LastValues {...{ study, all }} onChange={setAll} />
    </Chart>
  );
}
