import { resumeStudy } from "./create-study.ts";
import type { Study } from "./study.ts";

/** Opens a study that no process runs, does something with it and closes it again; nothing of it is run. */
export async function withStudyAtRest(
  directory: string,
  name: string,
  act: (study: Study) => Promise<void>,
): Promise<void> {
  // A study that was created with a function can be resumed only with one; here it is never called.
  const never = (): never => {
    throw new TypeError("a study that is only opened runs nothing");
  };
  const workers = { gpus: "none", cpus: 1 } as const;
  const study = await resumeStudy({ directory, name, objective: never, workers });
  try {
    await act(study);
  } finally {
    await study.close();
  }
}
