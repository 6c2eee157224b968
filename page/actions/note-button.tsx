import { useState } from "preact/hooks";
import { useAct } from "../hooks/use-act.ts";
import { Modal } from "../parts/modal.tsx";
import { ResultNotice } from "../parts/result-notice.tsx";
import type { Source } from "../source.ts";

interface Props {
  readonly source: Source;
  readonly study: string;
  /** null for the study itself. */
  readonly trial: number | null;
}

export function NoteButton({ source, study, trial }: Props) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const { busy, result, act } = useAct(source, study);
  const add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { kind } = await act({ kind: "note", text: text.trim(), trial });
    if (kind !== "done") return;
    setText("");
    setOpen(false);
  };
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Add a note
      </button>
      {open && (
        <Modal
          title={trial === null ? "A note about this study" : `A note about trial ${trial}`}
          onClose={() => setOpen(false)}
        >
          <form onSubmit={(event) => void add(event)}>
            <label class="field">
              Note
              <textarea rows={4} value={text} onInput={(event) => setText(event.currentTarget.value)} />
            </label>
            <p class="faint">It is kept in the study's journal.</p>
            <ResultNotice result={result} />
            <div class="buttons">
              <button type="button" onClick={() => setOpen(false)}>
                Cancel
              </button>
              <button type="submit" class="primary" disabled={busy || text.trim() === ""}>
                Add the note
              </button>
            </div>
          </form>
        </Modal>
      )}
    </>
  );
}
