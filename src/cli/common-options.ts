import type { StopSpec } from "../space/spec.ts";

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

/** How a running study is told. */
export const PROGRESS = {
  json: { type: "flag", describe: "Print one JSON event per line, and nothing else" },
  quiet: { type: "flag", describe: "Print only the final result" },
} as const;
