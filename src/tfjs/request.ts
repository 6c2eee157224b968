import { HpoError } from "../errors.ts";

/** What `HPO_TFJS_BACKEND` may say. The pure JavaScript backend is never taken unasked: it is 3 to 100 times slower. */
export const BACKENDS = ["native", "wasm", "cpu"] as const;
export type Backend = (typeof BACKENDS)[number];

/** The backend that the environment asks for by name; undefined is the fastest one that loads. */
export function requestedBackend(environment: Readonly<Record<string, string | undefined>>): Backend | undefined {
  const word = environment["HPO_TFJS_BACKEND"];
  if (word === undefined || word === "") return undefined;
  const backend = BACKENDS.find((name) => name === word);
  if (backend === undefined) {
    throw new HpoError(
      "invalid-argument",
      `HPO_TFJS_BACKEND: expected ${BACKENDS.join(", ")}, received ${JSON.stringify(word)} — leave it out for the fastest backend that is installed`,
    );
  }
  return backend;
}
