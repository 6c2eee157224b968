import { useMemo } from "preact/hooks";
import { deservesLog } from "../charts/scale.ts";
import { comparable } from "../charts/trials.ts";
import type { Study } from "../study.ts";
import { Switch } from "./controls.tsx";

interface Props {
  readonly study: Study;
  readonly all: boolean;
  readonly onChange: (on: boolean) => void;
}

/** Offers the trials that did not come to the largest budget, where there are any. */
export function LastValues({ study, all, onChange }: Props) {
  const differ = useMemo(() => comparable(study).length < comparable(study, true).length, [study]);
  return differ ? <Switch label="All trials, at their last values" on={all} onChange={onChange} /> : null;
}

/** Offers a logarithmic axis of values, where it shows more. */
export function LogValues({ study, all, log, onChange }: Props & { readonly log: boolean }) {
  const useful = useMemo(() => deservesLog(comparable(study, all).map(({ value }) => value)), [study, all]);
  return useful ? <Switch label="Logarithmic values" on={log} onChange={onChange} /> : null;
}
