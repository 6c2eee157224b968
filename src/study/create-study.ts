import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Device } from "../devices/gpu.ts";
import { HpoError, InvalidSpecError } from "../errors.ts";
import { systemError } from "../files/system-error.ts";
import { type CodeVersion, JOURNAL_VERSION, type Recorded, type SessionSlot } from "../history/events.ts";
import type { StudySettings } from "../history/settings.ts";
import { FileJournal } from "../journal/file-journal.ts";
import { openControlSocket } from "../journal/control-socket.ts";
import { fenceOff } from "../journal/fence.ts";
import { MemoryJournal } from "../journal/memory-journal.ts";
import { acquireWriterLock, type WriterLock } from "../journal/writer-lock.ts";
import type { Parameters, ParamsOf } from "../space/parameter.ts";
import { readDocument } from "../space/read-spec.ts";
import type { CommandObjective, ModuleObjective, StopSpec, StudySpec, WorkersSpec } from "../space/spec.ts";
import { endOrphans } from "../workers/orphans.ts";
import type { ObjectiveFunction } from "../workers/trial.ts";
import { codeVersion } from "./code-version.ts";
import { Coordinator } from "./coordinator.ts";
import { Decider } from "./decider.ts";
import { ENGINE } from "./engine.ts";
import { assertSameQuestion, emptyStudyFolder, IF_EXISTS, type IfExists, studyIsThere } from "./existing-study.ts";
import { openSlots, type OpenSlots } from "./open-slots.ts";
import { resolveNewWorkers } from "./resolve-workers.ts";
import { folderOf, locate, resolveNewStop, resolveSpec, specIssues } from "./resolve.ts";
import { Study } from "./study.ts";
import { suggestInThread } from "./suggest-in-thread.ts";
import {
  journalFile,
  type LoadedStudy,
  loadSettings,
  loadStudy,
  makeFolder,
  prepareFolder,
  studyExists,
  studyFolder,
  studyMarker,
} from "./study-folder.ts";

/** What trains: a module's URL, a function of this program, or as a spec says it. */
export type Objective<P extends Parameters> = URL | ObjectiveFunction<ParamsOf<P>> | ModuleObjective | CommandObjective;

interface Surroundings<P extends Parameters> {
  /** Folder of studies; null keeps the study in memory. @default "studies" */
  readonly directory?: string | null;
  /** Left out, the program drives the study itself with ask, report and tell. */
  readonly objective?: Objective<P>;
  /**
   * What to do where a study of that name is there: refuse, go on with it, or delete it and begin anew. A study that goes on
   * keeps its spec but for the stop rules and workers given here. @default "error"
   */
  readonly ifExists?: IfExists;
}

/** A study as its spec describes it, in place. */
export type InlineStudyOptions<P extends Parameters> = Omit<StudySpec, "objective" | "parameters"> &
  Surroundings<P> & { readonly parameters: P };

/** A study by its spec's file; what stands beside `spec` replaces what the file says. */
export type SpecStudyOptions = Surroundings<Parameters> &
  Partial<Pick<StudySpec, "name" | "seed" | "strategy" | "stop" | "workers">> & {
    /** Path of a `space.json`. */
    readonly spec: string;
  };

export interface ResumeStudyOptions {
  readonly name: string;
  /** @default "studies" */
  readonly directory?: string;
  /** The objective of a study that was created with a function: functions are not on disk. */
  readonly objective?: ObjectiveFunction;
  /** Stop rules that replace the study's own, for instance more trials. */
  readonly stop?: StopSpec;
  /** Where to run on this machine, in place of what the spec says, for this session. */
  readonly workers?: WorkersSpec;
}

/**
 * Creates a study, on disk under `directory/name` or in memory.
 *
 * @throws InvalidSpecError with every problem of the spec
 * @throws HpoError "study-exists", with the way to resume it; "invalid-argument" when the GPUs that it names are not there,
 *   "gpu-held" when others use them
 */
export async function createStudy<const P extends Parameters>(options: InlineStudyOptions<P>): Promise<Study<P>>;
export async function createStudy(options: SpecStudyOptions): Promise<Study>;
export async function createStudy(options: InlineStudyOptions<Parameters> | SpecStudyOptions): Promise<Study> {
  const { spec, subject, specFolder, objective } = toSpec(options);
  const directory = options.directory === undefined ? "studies" : options.directory;
  const isFunction = typeof objective === "function";
  const folder =
    directory === null || specIssues(spec, specFolder).length > 0 ? null : studyFolder(directory, spec.name);
  const kind = isFunction
    ? { objective: "function" as const }
    : spec.objective === undefined
      ? { objective: "none" as const }
      : {};
  const settings = resolveSpec(spec, { subject, specFolder, studyFolder: folder, ...kind });

  const { ifExists = "error" } = options;
  if (!IF_EXISTS.includes(ifExists))
    throw new HpoError(
      "invalid-argument",
      `ifExists: expected one of ${IF_EXISTS.join(", ")}, received ${ifExists as string}`,
    );
  if (ifExists === "resume" && directory !== null && folder !== null && studyExists(folder)) {
    assertSameQuestion(folder, settings);
    const { stop = {}, workers = {} } = spec;
    return resumeStudy({ name: spec.name, directory, stop, workers, ...(isFunction ? { objective } : {}) });
  }

  const begin = async (lock: WriterLock | undefined): Promise<Begun> => {
    if (folder !== null && studyExists(folder)) {
      if (ifExists !== "overwrite") throw studyIsThere(folder, settings, spec.seed !== undefined);
      await endOrphans(studyMarker(folder), settings.trial.grace);
    }
    const code = codeVersion(settings.objective, folder);
    return withSlots(openSlots(settings, settings.stop), code, (slots, version) => {
      if (folder !== null) {
        if (ifExists === "overwrite") emptyStudyFolder(folder);
        makeFolder(folder);
        prepareFolder(folder, spec);
      }
      const journal =
        folder === null ? new MemoryJournal() : FileJournal.create(journalFile(folder), () => lock?.loss());
      const coordinator = new Coordinator(new Decider(), journal, { suggester: suggestInThread(settings) });
      const created = { ...settings, parallel: parallelOn(slots, settings) };
      coordinator.record({ type: "study-created", version: JOURNAL_VERSION, engine: ENGINE, settings: created });
      coordinator.startSession({}, slots, version);
      return coordinator;
    });
  };
  if (folder !== null) makeFolder(folder);
  return open(folder, isFunction ? objective : undefined, begin);
}

/**
 * Goes on with a study on disk as if it had never stopped: runs that were open start again from their checkpoints, first
 * and in their order. A finished study goes on under a larger stop rule.
 *
 * @throws HpoError "study-not-found", "study-locked" (another process runs it), "journal-damaged", or as createStudy where
 *   the GPUs cannot be had
 */
export async function resumeStudy(options: ResumeStudyOptions): Promise<Study> {
  return resumeAndHear(options, {});
}

/** Who wants to know of a study before it goes on: resuming cuts and closes what these tell of. */
export interface ResumeListener {
  /** Hears every event that the journal has. */
  readonly each?: (event: Recorded) => void;
  /** Gets the study as its last session left it. It changes afterwards. */
  readonly left?: (study: LoadedStudy) => void;
}

/** As `resumeStudy`. A large study takes seconds to read: its journal is read once, behind the lock, whoever else listens. */
export async function resumeAndHear(options: ResumeStudyOptions, listener: ResumeListener): Promise<Study> {
  const { name, directory = "studies", objective, stop = {}, workers: change = {} } = options;
  const { folder, settings } = loadSettings(directory, name);
  if (settings.objective.kind === "function" && objective === undefined)
    throw new HpoError(
      "invalid-argument",
      `study "${name}" was created with a function, which is not on disk: resume it from its program, with resumeStudy({ name, objective })`,
    );
  assertObjective(settings, folder);
  const newStop = resolveNewStop(settings, stop);
  const workers = resolveNewWorkers(settings, change);
  return open(folder, objective, async (lock) => {
    if (lock?.mayHaveRival === true) fenceOff(journalFile(folder));
    const decider = new Decider();
    const { each } = listener;
    const loaded = loadStudy(directory, name, { fold: decider, ...(each === undefined ? {} : { each }) });
    listener.left?.(loaded);
    await endOrphans(studyMarker(folder), settings.trial.grace);
    const opening = openSlots({ ...settings, workers }, { ...decider.history.stop, ...newStop });
    return withSlots(opening, codeVersion(settings.objective, folder), (slots, version) => {
      const journal = FileJournal.resume(journalFile(folder), loaded, () => lock?.loss());
      const coordinator = new Coordinator(decider, journal, { suggester: suggestInThread(settings) });
      coordinator.startSession(newStop, slots, version);
      return coordinator;
    });
  });
}

/** How many runs at a time a reproducible study is ordered for, for good: as many as there are GPU slots now, else CPU slots. */
function parallelOn(slots: readonly SessionSlot[], { parallel }: StudySettings): number | null {
  const onGpus = slots.filter(({ gpus }) => gpus.length > 0).length;
  return parallel !== null && onGpus > 0 ? onGpus : parallel;
}

interface Begun {
  readonly coordinator: Coordinator;
  readonly slots: OpenSlots;
}

/** Gives the slots back when the study cannot be opened on them. */
async function withSlots(
  opening: Promise<OpenSlots>,
  code: Promise<CodeVersion | undefined>,
  make: (slots: readonly SessionSlot[], code: CodeVersion | undefined) => Coordinator,
): Promise<Begun> {
  const slots = await opening;
  try {
    const sessionSlots = slots.slots.map(({ device }) => toSessionSlot(device));
    return { coordinator: make(sessionSlots, await code), slots };
  } catch (error) {
    await slots.release();
    throw error;
  }
}

function toSessionSlot(device: Device): SessionSlot {
  return { name: device.slot, gpus: device.kind === "gpu" ? device.gpus.map(({ uuid }) => uuid) : [] };
}

/** Takes the lock first: what is read and written after it is ours. */
async function open(
  folder: string | null,
  objective: ObjectiveFunction | undefined,
  begin: (lock: WriterLock | undefined) => Promise<Begun>,
): Promise<Study> {
  if (folder === null)
    return new Study({ ...(await begin(undefined)), folder, notes: [], release: async () => {}, objective });
  const lock = await acquireWriterLock(folder);
  let begun: Promise<Study> | undefined;
  // A request that comes while the study is being opened waits for it.
  const control = await openControlSocket(folder, async (request) => (await begun)?.answer(request));
  const release = async (): Promise<void> => {
    await control.close();
    lock.release();
  };
  const notes = control.problem === undefined ? [] : [`other terminals cannot command this study: ${control.problem}`];
  begun = begin(lock).then((parts) => new Study({ ...parts, folder, notes, release, objective }));
  try {
    return await begun;
  } catch (error) {
    await release();
    throw systemError(error);
  }
}

/** Trials of a study whose code is gone would only fail, one after the other. */
function assertObjective({ name, objective }: StudySettings, folder: string): void {
  if (objective.kind !== "module" && objective.kind !== "command") return;
  const place = locate(objective.kind === "module" ? objective.path : objective.cwd, folder);
  if (existsSync(place)) return;
  const what = objective.kind === "module" ? "module" : "folder of its command";
  throw new HpoError(
    "invalid-argument",
    `study "${name}" cannot go on: its ${what} is not at ${place}. Its journal names it relative to ${folder}: bring both back to where they stood to each other`,
  );
}

function toSpec(options: InlineStudyOptions<Parameters> | SpecStudyOptions): {
  readonly spec: StudySpec;
  readonly subject: string;
  readonly specFolder: string;
  readonly objective: Objective<Parameters> | undefined;
} {
  const { directory: _, ifExists: _ifExists, objective, ...rest } = options;
  if ("spec" in rest) {
    const { spec: file, ...changes } = rest;
    const read = readDocument(file) as StudySpec;
    if (typeof read !== "object" || read === null || Array.isArray(read))
      throw new InvalidSpecError(file, specIssues(read, folderOf(file)));
    const spec = { ...read, ...changes, ...merged(read, changes) };
    return { spec: withObjective(spec, objective), subject: file, specFolder: folderOf(file), objective };
  }
  return { spec: withObjective(rest, objective), subject: "the study", specFolder: process.cwd(), objective };
}

/** A changed limit leaves the other limits of the same kind as the file has them. */
function merged(spec: StudySpec, changes: Partial<StudySpec>): Partial<StudySpec> {
  return {
    ...(changes.stop === undefined ? {} : { stop: { ...spec.stop, ...changes.stop } }),
    ...(changes.workers === undefined ? {} : { workers: { ...spec.workers, ...changes.workers } }),
  };
}

function withObjective(spec: StudySpec, objective: Objective<Parameters> | undefined): StudySpec {
  if (objective === undefined || typeof objective === "function") return spec;
  return { ...spec, objective: objective instanceof URL ? { module: fileURLToPath(objective) } : objective };
}
