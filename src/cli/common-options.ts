import { HpoError } from "../errors.ts";
import type { StopSpec, WorkersSpec } from "../space/spec.ts";

/** Options that several commands share, so that they read the same everywhere. */

export const DIRECTORY = {
  directory: { type: "text", default: "studies", describe: "Folder of the studies" },
} as const;

export const JSON_OUTPUT = { json: { type: "flag", describe: "Print JSON" } } as const;

export const READING: typeof DIRECTORY & typeof JSON_OUTPUT = { ...DIRECTORY, ...JSON_OUTPUT };

export const NAME = { name: { describe: "The study's name" } } as const;

/** When a study ends, instead of what its spec says. */
export const STOP = {
  trials: { type: "whole", min: 1, describe: "Stop after this many trials, counted over the whole study" },
  time: {
    type: "text",
    describe: 'Stop after this running time, such as "30m" or "2 days", counted over the whole study',
  },
} as const;

/** The stop rules given by the flags. */
export function stopFrom(trials: number | undefined, time: string | undefined): { readonly stop?: StopSpec } {
  if (trials === undefined && time === undefined) return {};
  return { stop: { ...(trials === undefined ? {} : { trials }), ...(time === undefined ? {} : { time }) } };
}

/** Where runs may be, instead of what the spec says. */
export const WORKERS = {
  gpus: { type: "text", describe: "GPUs to run on: auto (all that are free), none, or a list such as 0,1 or of UUIDs" },
  cpus: { type: "whole", min: 1, describe: "CPU slots, where no GPU is used: how many runs at a time" },
} as const;

/**
 * The slots given by the flags.
 *
 * @throws HpoError "invalid-argument" for a list with an empty place
 */
export function workersFrom(gpus: string | undefined, cpus: number | undefined): { readonly workers?: WorkersSpec } {
  if (gpus === undefined && cpus === undefined) return {};
  return {
    workers: { ...(gpus === undefined ? {} : { gpus: readGpus(gpus) }), ...(cpus === undefined ? {} : { cpus }) },
  };
}

function readGpus(text: string): NonNullable<WorkersSpec["gpus"]> {
  if (text === "auto" || text === "none") return text;
  const list = text.split(",").map((entry) => entry.trim());
  // An index, or a UUID's beginning; a word is a mistake.
  if (list.every((entry) => /\d/.test(entry) || /^(GPU|MIG)-/i.test(entry))) return list;
  throw new HpoError(
    "invalid-argument",
    `--gpus: expected auto, none or a list such as 0,1, received ${JSON.stringify(text)}; "hpo devices" lists what there is`,
  );
}

/** How a running study is told. */
export const PROGRESS = {
  json: { type: "flag", describe: "Print one JSON event per line, and nothing else" },
  quiet: { type: "flag", describe: "Print only the final result" },
} as const;
