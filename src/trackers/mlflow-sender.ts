import type { ChangedRuns, RunKey, RunUpdate } from "./changed-runs.ts";
import { type FoundRun, type MlflowClient, MlflowError } from "./mlflow-client.ts";

/** Tags by which a run is found again. */
const STUDY = "hpo.study";
const TRIAL = "hpo.trial";
const PARENT = "mlflow.parentRunId";

/**
 * Sends the changes of a study to MLflow, each run once however often it is tried: a run is searched by its tags before it is
 * created anew, and MLflow keeps one of equal points of a metric.
 */
export class MlflowSender {
  /** Runs whose updates the server refuses, with what it says. */
  readonly refused: Map<RunKey, string> = new Map();
  readonly #client: MlflowClient;
  readonly #experimentName: string;
  readonly #folder: string;
  #experiment: string | undefined;
  /** A run may have been created although the request failed. */
  wasUnsure: boolean = false;
  #runs: Map<RunKey, string> | undefined;

  constructor(client: MlflowClient, experiment: string, folder: string) {
    this.#client = client;
    this.#experimentName = experiment;
    this.#folder = folder;
  }

  /**
   * Sends all that changed. What was sent is settled, so that another call goes on where this one failed.
   *
   * @throws MlflowError for what another attempt may cure
   */
  async send(changes: ChangedRuns): Promise<void> {
    this.#experiment ??= await this.#client.experiment(this.#experimentName);
    const runs = (this.#runs ??= await this.#find(this.#experiment, changes.studyId));
    // The study's own run is the parent of all others.
    const keys = changes.keys.toSorted((a, b) => Number(b === "study") - Number(a === "study"));
    if (!runs.has("study")) await this.#sendRun("study", changes, runs);
    for (const key of keys) await this.#sendRun(key, changes, runs);
  }

  async #sendRun(key: RunKey, changes: ChangedRuns, runs: Map<RunKey, string>): Promise<void> {
    const update = changes.update(key, this.#folder);
    const id = runs.get(key) ?? (await this.#create(key, update, changes.studyId, runs));
    try {
      await this.#client.log(id, update.metrics, update.params, update.tags);
      await this.#client.setStatus(id, update.status, update.end);
      this.refused.delete(key);
    } catch (error) {
      if (!(error instanceof MlflowError) || !error.refused) throw error;
      this.refused.set(key, error.message);
    }
    changes.settle(key);
  }

  async #create(key: RunKey, update: RunUpdate, studyId: string, runs: Map<RunKey, string>): Promise<string> {
    const tags = { [STUDY]: studyId, [TRIAL]: String(key) };
    const parent = runs.get("study");
    try {
      const id = await this.#client.createRun(this.#experiment as string, update.name, update.start, {
        ...tags,
        ...(key === "study" || parent === undefined ? {} : { [PARENT]: parent }),
      });
      runs.set(key, id);
      return id;
    } catch (error) {
      // It may have been created all the same: the next attempt searches first.
      this.#runs = undefined;
      this.wasUnsure = true;
      throw error;
    }
  }

  /** The runs that are there; where a slow server created one twice, the later one is deleted. */
  async #find(experiment: string, studyId: string): Promise<Map<RunKey, string>> {
    const found = await this.#client.runs(experiment, STUDY, studyId);
    const first = new Map<RunKey, FoundRun>();
    const order = found.toSorted((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
    for (const run of order) {
      const key = keyOf(run);
      if (key === undefined) continue;
      if (first.has(key)) await this.#client.deleteRun(run.id);
      else first.set(key, run);
    }
    return new Map([...first].map(([key, { id }]) => [key, id]));
  }

  /** Looks once more for runs that a slow server created twice. */
  async settleDoubles(studyId: string): Promise<void> {
    if (this.#experiment !== undefined) this.#runs = await this.#find(this.#experiment, studyId);
  }
}

function keyOf({ tags }: FoundRun): RunKey | undefined {
  const tag = tags[TRIAL];
  if (tag === undefined) return undefined;
  return tag === "study" ? "study" : Number(tag);
}
