import type { Parameters, Params } from "../../src/space/parameter.ts";
import { valueInWords } from "../charts/words.ts";

interface Props {
  readonly parameters: Parameters;
  readonly params: Params;
  /** Names the inactive ones too. */
  readonly all?: boolean;
}

/** A configuration, parameter by parameter, as the space declares them. */
export function ParamsList({ parameters, params, all = false }: Props) {
  const names = Object.keys(parameters).filter((name) => all || name in params);
  return (
    <dl class="params">
      {names.map((name) => (
        <div key={name} class={name in params ? "" : "inactive"}>
          <dt>{name}</dt>
          <dd title={name in params ? String(params[name]) : "Its condition does not hold here."}>
            {valueInWords(params[name])}
          </dd>
        </div>
      ))}
    </dl>
  );
}
