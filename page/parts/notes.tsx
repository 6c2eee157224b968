import { hrefOf } from "../route.ts";
import type { Study } from "../study.ts";
import { dateInWords } from "../words.ts";

interface Props {
  readonly study: Study;
  /** Only those about it. */
  readonly trial?: number;
}

/** What users remarked, latest first. */
export function Notes({ study: { head }, trial }: Props) {
  const notes = head.notes.filter((note) => trial === undefined || note.trial === trial).toReversed();
  if (notes.length === 0) return <p class="faint">None.</p>;
  return (
    <ul class="notes">
      {notes.map((note) => (
        <li key={`${note.at} ${note.text}`}>
          <p>{note.text}</p>
          <p class="faint">
            {dateInWords(note.at)}
            {note.trial !== null && trial === undefined && (
              <>
                {", about "}
                <a href={hrefOf({ page: "trial", study: head.name, trial: note.trial })}>trial {note.trial}</a>
              </>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}
