import { useRef, useState } from "preact/hooks";
import type { Parameter } from "../../src/space/parameter.ts";
import type { StudyHead } from "../../src/views/payload.ts";
import { parameterInWords } from "../compare.ts";
import { choicesOf, fillFields, readForm, type Fields } from "../form/read-form.ts";
import { useAct } from "../hooks/use-act.ts";
import { Modal } from "../parts/modal.tsx";
import { ResultNotice } from "../parts/result-notice.tsx";
import type { Source } from "../source.ts";

interface Props {
  readonly source: Source;
  readonly head: StudyHead;
}

/** Asks for a configuration to try next, beginning with the best one. */
export function EnqueueButton({ source, head }: Props) {
  const [fields, setFields] = useState<Fields>();
  const close = (): void => setFields(undefined);
  return (
    <>
      <button type="button" onClick={() => setFields(fillFields(head.parameters, head.best?.params ?? {}))}>
        Try a configuration
      </button>
      {fields !== undefined && (
        <Modal title="Try a configuration" onClose={close}>
          <EnqueueForm source={source} head={head} fields={fields} onChange={setFields} onClose={close} />
        </Modal>
      )}
    </>
  );
}

interface FormProps extends Props {
  readonly fields: Fields;
  readonly onChange: (fields: Fields) => void;
  readonly onClose: () => void;
}

function EnqueueForm({ source, head, fields, onChange, onClose }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [tried, setTried] = useState(false);
  const { busy, result, act } = useAct(source, head.name);
  const { params, active, problems } = readForm(head.parameters, fields);
  const shown = tried ? problems : {};
  const enqueue = async (event: Event): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length > 0) {
      // After they are marked.
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    const { kind } = await act({ kind: "enqueue", params });
    if (kind === "done") onClose();
  };
  return (
    <form ref={form} noValidate onSubmit={(event) => void enqueue(event)}>
      <p class="meta">
        {head.best === null ? "It" : "The fields hold the best configuration so far. What you make of it"} is tried
        next, before what the sampler suggests.
      </p>
      <div class="fields">
        {Object.entries(head.parameters)
          .filter(([name]) => active.has(name))
          .map(([name, parameter]) => (
            <Field
              key={name}
              name={name}
              parameter={parameter}
              hint={parameterInWords(head, name)}
              text={fields[name] ?? ""}
              problem={shown[name]}
              onChange={(text) => onChange({ ...fields, [name]: text })}
            />
          ))}
      </div>
      {shown[""] !== undefined && <p class="notice problem">{shown[""]}</p>}
      <ResultNotice result={result} />
      <div class="buttons">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" class="primary" disabled={busy}>
          Add it to the queue
        </button>
      </div>
    </form>
  );
}

interface FieldProps {
  readonly name: string;
  readonly parameter: Parameter;
  readonly hint: string;
  readonly text: string;
  readonly problem: string | undefined;
  readonly onChange: (text: string) => void;
}

function Field({ name, parameter, hint, text, problem, onChange }: FieldProps) {
  const id = `field-${name}`;
  const choices = choicesOf(parameter);
  const described = { "aria-describedby": `${id}-hint`, "aria-invalid": problem !== undefined };
  const numeric = parameter.type === "float" || parameter.type === "int" ? parameter : undefined;
  return (
    <div class="field">
      <label for={id}>{name}</label>
      {choices === undefined ? (
        <input
          id={id}
          type="number"
          min={numeric?.low}
          max={numeric?.high}
          step={numeric?.type === "int" ? (numeric.step ?? 1) : "any"}
          value={text}
          onInput={(event) => onChange(event.currentTarget.value)}
          {...described}
        />
      ) : (
        <select id={id} value={text} onChange={(event) => onChange(event.currentTarget.value)} {...described}>
          {choices.map((choice, index) => (
            <option key={index} value={String(index)}>
              {String(choice)}
            </option>
          ))}
        </select>
      )}
      <p id={`${id}-hint`} class={problem === undefined ? "faint" : "problem"}>
        {problem ?? hint}
      </p>
    </div>
  );
}
