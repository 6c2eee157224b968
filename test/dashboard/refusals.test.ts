import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDashboard } from "../../dist/dashboard/server.js";
import { TestDashboard } from "./dashboard.ts";

const GOLDEN = readFileSync(fileURLToPath(new URL("../golden/journal-0.4.0.jsonl", import.meta.url)));

function golden(test: TestDashboard): void {
  mkdirSync(join(test.directory, "a"));
  writeFileSync(join(test.directory, "a", "journal.jsonl"), GOLDEN);
}

describe("a dashboard of this machine", () => {
  const test = new TestDashboard();
  beforeAll(() => {
    golden(test);
    return test.open();
  });
  afterAll(() => test.close());
  const port = (): number => test.dashboard.port;

  it("answers by each of its own names", async () => {
    for (const name of ["127.0.0.1", "localhost", "[::1]", "LOCALHOST"]) {
      const answer = await test.ask("/api/studies", { headers: { host: `${name}:${port()}` } });
      expect(answer.status).toBe(200);
    }
  });

  it.each([
    "evil.example",
    "127.0.0.1",
    "127.0.0.1.evil.example:PORT",
    "localhost:1",
    "127.0.0.1.:PORT",
    "xlocalhost:PORT",
  ])("refuses the host %s", async (host) => {
    for (const path of ["/", "/api/studies", "/api/studies/a/events", "/page.js"]) {
      const answer = await test.ask(path, { headers: { host: host.replace("PORT", String(port())) } });
      expect(answer.status).toBe(403);
      expect(answer.problem()).toMatch(/^expected the host 127\.0\.0\.1:\d+ or .*, received/);
    }
  });

  it.each(["GET / HTTP/1.0", "GET / HTTP/1.1\r\nHost: ", "GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT@evil.example"])(
    "refuses %j",
    async (head) => {
      const socket = connect(port(), "127.0.0.1");
      socket.end(`${head.replace("PORT", String(port()))}\r\nConnection: close\r\n\r\n`);
      const answer = await text(socket);
      expect(answer).toMatch(/^HTTP\/1.1 40[03] /);
      expect(answer).not.toContain("<html");
    },
  );

  it.each(["http://evil.example", "null", "https://127.0.0.1:PORT", "http://127.0.0.1:1", "http://localhost:PORT"])(
    "refuses the origin %s",
    async (origin) => {
      const headers = { origin: origin.replace("PORT", String(port())) };
      expect((await test.ask("/api/studies", { headers })).status).toBe(403);
      const answer = await test.act("a", { kind: "note", text: "x", trial: null }, headers);
      expect(answer.status).toBe(403);
      expect(answer.problem()).toContain("received one of");
    },
  );

  it("takes requests of its own page", async () => {
    const origin = `http://127.0.0.1:${port()}`;
    const headers = { origin, "sec-fetch-site": "same-origin" };
    expect((await test.ask("/api/studies", { headers })).status).toBe(200);
    expect((await test.act("a", { kind: "stop" }, headers)).status).toBe(409);
  });

  it("refuses what a browser says is of another site", async () => {
    for (const site of ["cross-site", "same-site"])
      expect((await test.ask("/api/studies", { headers: { "sec-fetch-site": site } })).status).toBe(403);
    expect((await test.ask("/", { headers: { "sec-fetch-site": "cross-site" } })).status).toBe(403);
    expect((await test.ask("/api/studies", { headers: { "sec-fetch-site": "none" } })).status).toBe(200);
  });

  it.each([
    "/api/studies/..%2f..%2f..%2fetc",
    "/api/studies/%2e%2e%2fhpo-secret",
    "/api/studies/..",
    "/api/studies/%2e%2e",
    "/api/studies/.%00",
    "/api/studies/a%2f..%2fa",
    "/api/studies/a/../../../../etc/passwd",
    "/api/studies/%5c..%5c..",
    "/api/studies/__proto__",
    "/../package.json",
    "/%2e%2e/package.json",
    "/page.js/../../package.json",
    "/api/studies/a/trials/..%2f..%2fjournal.jsonl",
  ])("leads nowhere by %s", async (path) => {
    const answer = await test.ask(path);
    expect(answer.status).toBe(404);
    expect(answer.problem()).toMatch(/there is no study|there is nothing at|has no trial/);
    expect((await test.act("..%2fa", { kind: "stop" })).status).toBe(404);
  });

  it("takes JSON alone, and not much of it", async () => {
    const note = JSON.stringify({ kind: "note", text: "x", trial: null });
    const post = (type: string, body: string) =>
      test.ask("/api/studies/a/actions", { method: "POST", headers: { "content-type": type }, body });
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
      expect((await post(type, note)).status).toBe(415);
    expect((await test.ask("/api/studies/a/actions", { method: "POST", body: note })).status).toBe(415);
    expect((await post("application/json", "{")).status).toBe(400);
    expect((await post("application/json", `"${"x".repeat(70_000)}"`)).status).toBe(413);
    const chunked = { "content-type": "application/json", "transfer-encoding": "chunked" };
    const large = { method: "POST", headers: chunked, body: `"${"x".repeat(70_000)}"` };
    expect((await test.ask("/api/studies/a/actions", large)).status).toBe(413);
  });

  it("has headers that keep a page to itself", async () => {
    for (const path of ["/", "/api/studies", "/nowhere"]) {
      const { headers } = await test.ask(path);
      expect(headers["content-security-policy"]).toMatch(/^default-src 'self';.*frame-ancestors 'none'/);
      expect(headers["content-security-policy"]).not.toMatch(/script-src|unsafe-eval/);
      expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" });
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    }
  });

  it("lets nobody read by another method", async () => {
    for (const method of ["PUT", "DELETE", "OPTIONS"])
      expect((await test.ask("/api/studies/a", { method })).status).toBe(404);
  });

  it("ends with streams that are open, and lets go of those whose client has gone", async () => {
    const own = await openDashboard({ directory: test.directory, host: "127.0.0.1", port: 0, otherPort: false });
    const socket = connect(own.port, "127.0.0.1");
    socket.write(`GET /api/studies/events HTTP/1.1\r\nHost: 127.0.0.1:${own.port}\r\n\r\n`);
    await new Promise((resolve) => socket.once("data", resolve));
    const ended = new Promise((resolve) => socket.once("close", resolve));
    await own.close();
    await ended;
  });

  it("refuses a port that is taken, and takes another only where it may", async () => {
    const { directory } = test;
    const taken = { directory, host: "127.0.0.1", port: port() };
    await expect(openDashboard({ ...taken, otherPort: false })).rejects.toMatchObject({
      code: "invalid-argument",
      message: `expected to listen on 127.0.0.1:${port()}, but another program listens there: end it, or choose another with --port`,
    });
    const other = await openDashboard({ ...taken, otherPort: true });
    expect(other.port).not.toBe(port());
    await other.close();
  });
});

// Any address of this machine: what it listens on can be reached by the loopback address too.
describe("a dashboard that others can reach", () => {
  const test = new TestDashboard();
  beforeAll(() => {
    golden(test);
    return test.open("0.0.0.0");
  });
  afterAll(() => test.close());
  const token = (): string => new URL(test.dashboard.url).searchParams.get("token") ?? "";
  const host = (): string => `127.0.0.1:${test.dashboard.port}`;

  it("answers nobody without the token, or with a wrong one", async () => {
    expect(token()).toMatch(/^[\w-]{32}$/);
    const wrong = token().replace(/^./, (first) => (first === "A" ? "B" : "A"));
    for (const path of ["/", "/page.js", "/api/studies", "/api/studies/a/events", `/?token=${wrong}`, "/?token="])
      for (const headers of [
        {},
        { authorization: `Bearer ${wrong}` },
        { cookie: `hpo-${test.dashboard.port}=${wrong}` },
      ]) {
        const answer = await test.ask(path, { headers });
        expect(answer.status).toBe(401);
        expect(answer.problem()).toMatch(/^a token is needed/);
        expect(answer.headers["set-cookie"]).toBeUndefined();
      }
    expect((await test.act("a", { kind: "note", text: "x", trial: null })).status).toBe(401);
    expect((await test.ask(`/api/studies?token=${token()}`)).status).toBe(401);
  });

  it("gives a cookie for the link, and answers with it", async () => {
    const first = await test.ask(`/?token=${token()}`);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe("/");
    const [cookie] = first.headers["set-cookie"] ?? [];
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Strict/);
    const headers = { cookie: (cookie as string).split(";")[0] as string };
    expect((await test.ask("/", { headers })).status).toBe(200);
    expect((await test.ask("/api/studies", { headers })).status).toBe(200);
  });

  it("answers a program with the token as a bearer's, packed where it takes that", async () => {
    const headers = { authorization: `Bearer ${token()}` };
    expect((await test.ask("/api/studies", { headers })).status).toBe(200);
    const packed = await test.ask("/api/studies/a", { headers: { ...headers, "accept-encoding": "gzip" } });
    expect(packed.headers["content-encoding"]).toBe("gzip");
    const stream = await test.follow("/api/studies/a/events", { ...headers, "accept-encoding": "gzip" });
    expect((await stream.next())?.event).toBe("changes");
  });

  it("refuses foreign hosts and origins in spite of the token", async () => {
    const headers = { authorization: `Bearer ${token()}` };
    expect((await test.ask("/api/studies", { headers: { ...headers, host: "evil.example" } })).status).toBe(403);
    expect((await test.ask("/api/studies", { headers: { ...headers, origin: "http://evil.example" } })).status).toBe(
      403,
    );
    expect((await test.ask("/api/studies", { headers: { ...headers, origin: `http://${host()}` } })).status).toBe(200);
  });
});
