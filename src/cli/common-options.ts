/** Options that several commands share, so that they read the same everywhere. */

export const DIRECTORY = {
  directory: { type: "text", default: "studies", describe: "Folder of the studies" },
} as const;

export const JSON_OUTPUT = { json: { type: "flag", describe: "Print JSON" } } as const;

export const READING: typeof DIRECTORY & typeof JSON_OUTPUT = { ...DIRECTORY, ...JSON_OUTPUT };

export const NAME = { name: { describe: "The study's name" } } as const;

/** How a running study is told. */
export const PROGRESS = {
  json: { type: "flag", describe: "Print one JSON event per line, and nothing else" },
  quiet: { type: "flag", describe: "Print only the final result" },
} as const;
