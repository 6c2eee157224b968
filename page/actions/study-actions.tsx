import type { Source } from "../source.ts";
import type { Study } from "../study.ts";
import { EnqueueButton } from "./enqueue-button.tsx";
import { NoteButton } from "./note-button.tsx";
import { StopStudyButton } from "./stop-button.tsx";

interface Props {
  readonly source: Source;
  readonly study: Study;
}

/** What may be done to a study; one that rests can only not be stopped. */
export function StudyActions({ source, study: { head } }: Props) {
  return (
    <div class="actions">
      <EnqueueButton source={source} head={head} />
      <NoteButton source={source} study={head.name} trial={null} />
      {head.state === "running" && <StopStudyButton source={source} study={head.name} />}
    </div>
  );
}
