import { useCallback, useState } from "preact/hooks";
import { Chart } from "../chart.tsx";
import { comparisonPicture } from "../charts/comparison.ts";
import type { Look } from "../charts/picture.ts";
import { deservesLog } from "../charts/scale.ts";
import { comparable } from "../charts/trials.ts";
import type { Study } from "../study.ts";
import type { Theme } from "../view-props.ts";
import { Switch } from "../views/controls.tsx";

interface Props {
  readonly studies: readonly Study[];
  readonly by: "trials" | "time";
  readonly theme: Theme;
}

/** The best so far of each study. */
export function ComparisonChart({ studies, by, theme }: Props) {
  const [log, setLog] = useState(false);
  // A list made anew of the same studies draws the same.
  const draw = useCallback(
    (look: Look) => comparisonPicture(studies, look, { by, log }),
    [...studies, studies.length, by, log],
  );
  const useful = deservesLog(studies.flatMap((study) => comparable(study).map(({ value }) => value)));
  return (
    <Chart name="comparison" draw={draw} theme={theme}>
      {useful && <Switch label="Logarithmic values" on={log} onChange={setLog} />}
    </Chart>
  );
}
