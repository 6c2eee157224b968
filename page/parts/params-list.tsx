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
  const names = Object.keys(parameters).filter((name) => all || Object.hasOwn(params, name));
  return (
    <dl class="params">
      {names.map((name) => (
        <div key={name} class={Object.hasOwn(params, name) ? "" : "inactive"}>
          <dt>{name}</dt>
          <dd title={Object.hasOwn(params, name) ? String(params[name]) : "Its condition does not hold here."}>
            {valueInWords(Object.hasOwn(params, name) ? params[name] : undefined)}
          </dd>
        </div>
      ))}
    </dl>
  );
}
