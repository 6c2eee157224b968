/** The server understood, and said no in words. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/**
 * Asks the server for JSON.
 *
 * @throws Refusal with the server's words; Error, in words too, where it does not answer.
 */
export async function ask<Answer>(path: string, request?: RequestInit): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, request);
  } catch {
    throw new Error("The dashboard does not answer. It may have been stopped: hpo dashboard starts it again.");
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return body as Answer;
  const { problem } = (body ?? {}) as { readonly problem?: unknown };
  if (typeof problem === "string") throw new Refusal(problem);
  if (response.status >= 400 && response.status < 500)
    throw new Refusal(`The dashboard refused it (${response.status}).`);
  throw new Error(`The dashboard could not do it (${response.status}).`);
}
