import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";

/** Who may ask, by what a browser says of a request: pages of other sites may not, by whatever name they reach this server. */

/** Where the server listens, and the token that it wants there; null on the loopback address, where only this machine can ask. */
export interface Place {
  /** As the user gave it: a name or an address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly token: string | null;
}

/** What a guard reads of a request. */
export interface Asked {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  header(name: string): string | undefined;
}

/** Why a request is refused. */
export interface Refusal {
  readonly status: 401 | 403 | 415;
  readonly problem: string;
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** 192 random bits. */
export function newToken(): string {
  return randomBytes(24).toString("base64url");
}

/** A host as a URL has it. */
export function inUrl(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

/**
 * Checks `Host` (against DNS rebinding), `Origin`, `Sec-Fetch-Site` and the type of what is posted.
 *
 * @returns undefined when the request may pass
 */
export function refusal(place: Place, asked: Asked): Refusal | undefined {
  const host = asked.header("host");
  const names = ownHosts(place);
  if (host === undefined || !names.has(host.toLowerCase()))
    return forbidden(
      `expected the host ${[...names].join(" or ")}, received ${JSON.stringify(host ?? "none")}: open the address that "hpo dashboard" printed`,
    );
  const origin = asked.header("origin");
  if (origin !== undefined && origin !== `http://${host}`)
    return forbidden(
      `expected a request of this page itself, http://${host}, received one of ${JSON.stringify(origin)}`,
    );
  const site = asked.header("sec-fetch-site");
  const foreign = site === "cross-site" || (site === "same-site" && asked.path.startsWith("/api/"));
  if (foreign)
    return forbidden(
      "another site has sent you here: open the address by typing it, or by the link that was printed in the terminal",
    );
  const type = asked.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (asked.method === "POST" && type !== "application/json")
    return {
      status: 415,
      problem: `expected content of the type application/json, received ${JSON.stringify(type ?? "none")}`,
    };
  return undefined;
}

/** Whether two secrets are the same, in a time that does not tell where they differ. */
export function isSame(secret: string, given: string | undefined): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return given !== undefined && timingSafeEqual(digest(secret), digest(given));
}

export const NO_TOKEN: Refusal = {
  status: 401,
  problem:
    'a token is needed, since this dashboard can be reached from other machines: open the whole address that "hpo dashboard" printed, with its ?token=…',
};

function forbidden(problem: string): Refusal {
  return { status: 403, problem };
}

function ownHosts({ host, port }: Place): ReadonlySet<string> {
  const hosts = isLoopback(host) ? ["127.0.0.1", "localhost", "::1", host] : isAny(host) ? ofMachine() : [host];
  const bare = hosts.map((each) => inUrl(each).toLowerCase());
  // Browsers leave out the port that is usual.
  return new Set(bare.flatMap((each) => (port === 80 ? [each, `${each}:80`] : [`${each}:${port}`])));
}

function isAny(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

function ofMachine(): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address));
  return ["localhost", hostname(), ...addresses];
}
