import type { Result } from "../hooks/use-act.ts";

/** Why an action was not done. */
export function ResultNotice({ result }: { readonly result: Result | undefined }) {
  if (result?.kind !== "problem") return null;
  return <p class="notice problem">{result.text}</p>;
}
