import { createAdaptorServer } from "@hono/node-server";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { HpoError } from "../errors.ts";
import { createApp } from "./app.ts";
import { inUrl, isLoopback, newToken, type Place } from "./guard.ts";
import { Studies } from "./studies.ts";

export interface DashboardOptions {
  /** Folder of the studies; it may come later. */
  readonly directory: string;
  /** Name or address to listen on. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Takes any other port where this one is in use. */
  readonly otherPort: boolean;
}

export interface Dashboard {
  /** What a browser opens, with the token where one is needed. */
  readonly url: string;
  readonly port: number;
  readonly studies: Studies;
  /** Ends it, and every connection. */
  close(): Promise<void>;
}

/**
 * Serves a folder of studies to browsers. On an address that others can reach, they need the token in the URL.
 *
 * @throws HpoError "invalid-argument" where it cannot listen there
 */
export async function openDashboard({ directory, host, port, otherPort }: DashboardOptions): Promise<Dashboard> {
  const studies = new Studies(directory);
  let place: Place = { host, port, token: isLoopback(host) ? null : newToken() };
  const app = createApp(studies, () => place);
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  try {
    await listen(server, host, port, otherPort);
  } catch (error) {
    studies.close();
    throw cannotListen(error as NodeJS.ErrnoException, host, port);
  }
  place = { ...place, port: (server.address() as AddressInfo).port };
  const query = place.token === null ? "" : `?token=${place.token}`;
  const shown = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return {
    url: `http://${inUrl(shown)}:${place.port}/${query}`,
    port: place.port,
    studies,
    close: async () => {
      studies.close();
      const closed = new Promise((resolve) => server.close(resolve));
      // Streams of events end only when they are cut.
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, host: string, port: number, otherPort: boolean): Promise<void> {
  try {
    await tryToListen(server, host, port);
  } catch (error) {
    if (!otherPort || (error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    await tryToListen(server, host, 0);
  }
}

function tryToListen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): HpoError {
  const why =
    error.code === "EADDRINUSE"
      ? "another program listens there: end it, or choose another with --port"
      : error.code === "EACCES"
        ? "this user may not listen there: choose a port above 1023 with --port"
        : `${error.message}: choose an address of this machine with --host`;
  return new HpoError("invalid-argument", `expected to listen on ${inUrl(host)}:${port}, but ${why}`, {
    cause: error,
  });
}
