import { createRequire } from "node:module";

/** The version of this package, as journals name it. */
export const ENGINE: string = (createRequire(import.meta.url)("../../package.json") as { version: string }).version;
