import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { compress } from "hono/compress";
import { getCookie, setCookie } from "hono/cookie";
import { HpoError } from "../errors.ts";
import { systemError } from "../files/system-error.ts";
import { trialDetail } from "../views/trial-detail.ts";
import { carryOut, UnsoundAction } from "./actions.ts";
import { changesFeed, detailFeed, studiesFeed } from "./feeds.ts";
import { isSame, NO_TOKEN, type Place, refusal } from "./guard.ts";
import { ImportanceCache } from "./importance-cache.ts";
import { liveEvents } from "./live-events.ts";
import { PAGE_PATHS, pageFile } from "./page-files.ts";
import type { Studies } from "./studies.ts";
import type { WatchedStudy } from "./watched-study.ts";

/** Of what is posted, in bytes. */
const LONGEST_BODY = 64 * 1024;

const HEADERS = {
  "content-security-policy":
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
} as const;

/** What the dashboard answers; `place` is asked of each request, since the port is known only once it listens. */
export function createApp(studies: Studies, place: () => Place): Hono {
  const app = new Hono();
  const importance = new ImportanceCache();

  app.use(async (c, next) => {
    const refused = refusal(place(), { method: c.req.method, path: c.req.path, header: (name) => c.req.header(name) });
    if (refused === undefined) await next();
    else c.res = c.json({ problem: refused.problem }, refused.status);
    for (const [name, value] of Object.entries(HEADERS)) c.res.headers.set(name, value);
    // Everything here changes; a page of an earlier version must not outlive it.
    c.res.headers.set("cache-control", "no-cache");
  });
  app.use((c, next) => admit(c, place(), next));
  // On the loopback address, packing costs more than it saves. Streams are left as they are.
  const pack = compress();
  app.use((c, next) => (place().token === null || c.req.path.endsWith("/events") ? next() : pack(c, next)));

  for (const path of PAGE_PATHS) app.get(path, (c) => answerFile(c, path));

  app.get("/api/studies", async (c) => {
    await studies.settled();
    return c.json({ studies: studies.list() });
  });
  app.get("/api/studies/events", (c) => liveEvents(c, studiesFeed(studies)));
  app.get("/api/studies/:name", (c) =>
    withStudy(c, (study) => {
      const since = readSince(c.req.query("since"));
      return since === undefined ? badSince(c) : c.json(study.changesSince(since));
    }),
  );
  app.get("/api/studies/:name/events", (c) =>
    withStudy(c, (study) => {
      const since = readSince(c.req.header("last-event-id") ?? c.req.query("since"));
      return since === undefined ? badSince(c) : liveEvents(c, changesFeed(study, since));
    }),
  );
  app.get("/api/studies/:name/trials/:number", (c) =>
    withTrial(c, (study, number) => c.json(trialDetail(study.fold, study, studies.directory, number))),
  );
  app.get("/api/studies/:name/trials/:number/events", (c) =>
    withTrial(c, (study, number) => liveEvents(c, detailFeed(study, studies.directory, number))),
  );
  app.get("/api/studies/:name/importance", (c) => withStudy(c, async (study) => c.json(await importance.of(study))));
  app.post(
    "/api/studies/:name/actions",
    bodyLimit({
      maxSize: LONGEST_BODY,
      onError: (c) => c.json({ problem: `expected at most ${LONGEST_BODY} bytes` }, 413),
    }),
    (c) => withStudy(c, (study) => act(c, study, studies.directory)),
  );

  app.notFound((c) => c.json({ problem: `there is nothing at ${c.req.path}` }, 404));
  app.onError((thrown, c) => {
    const error = systemError(thrown);
    if (error instanceof HpoError) return c.json({ problem: error.message }, 409);
    return c.json({ problem: `an unexpected error, which is a bug in hpo: ${thrown.stack ?? String(thrown)}` }, 500);
  });
  return app;

  /** By the names that are listed, and by nothing else: no name leads anywhere on the disk. */
  async function withStudy(
    c: Context,
    answer: (study: WatchedStudy) => Response | Promise<Response>,
  ): Promise<Response> {
    const name = c.req.param("name") ?? "";
    const study = await studies.find(name);
    if (study === undefined) return c.json({ problem: `there is no study ${JSON.stringify(name)} here` }, 404);
    if (study.problem !== undefined) return c.json({ problem: study.problem }, 409);
    return answer(study);
  }

  function withTrial(c: Context, answer: (study: WatchedStudy, number: number) => Response): Promise<Response> {
    return withStudy(c, (study) => {
      const text = c.req.param("number") ?? "";
      const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
      const { length } = study.fold.history.trials;
      if (number < 0 || number >= length)
        return c.json(
          { problem: `study "${study.name}" has no trial ${text}: it has ${length}, numbered from 0` },
          404,
        );
      return answer(study, number);
    });
  }
}

/** Where a token is wanted: the page's link brings it once, a cookie keeps it; programs send it as a bearer's. */
async function admit(c: Context, { token, port }: Place, next: () => Promise<void>): Promise<Response | undefined> {
  if (token === null) {
    await next();
    return undefined;
  }
  const cookie = `hpo-${port}`;
  if (c.req.path === "/" && isSame(token, c.req.query("token"))) {
    setCookie(c, cookie, token, { path: "/", httpOnly: true, sameSite: "Strict" });
    return c.redirect("/", 303);
  }
  const bearer = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (!isSame(token, getCookie(c, cookie)) && !isSame(token, bearer))
    return c.json({ problem: NO_TOKEN.problem }, NO_TOKEN.status);
  await next();
  return undefined;
}

function answerFile(c: Context, path: string): Response {
  const file = pageFile(path);
  if (file === undefined) return c.json({ problem: `${path} was not built: run "npm run build"` }, 404);
  return c.body(file.content, 200, { "content-type": file.type });
}

async function act(c: Context, study: WatchedStudy, directory: string): Promise<Response> {
  let document: unknown;
  try {
    document = await c.req.json();
  } catch (error) {
    return c.json({ problem: `expected JSON, received: ${(error as Error).message}` }, 400);
  }
  try {
    return c.json({ done: await carryOut(study, directory, document) });
  } catch (error) {
    if (error instanceof UnsoundAction) return c.json({ problem: error.message }, 400);
    throw error;
  }
}

/** @returns undefined for what is no sequence number */
function readSince(text: string | undefined): number | undefined {
  if (text === undefined) return -1;
  return /^(-1|\d{1,15})$/.test(text) ? Number(text) : undefined;
}

function badSince(c: Context): Response {
  return c.json({ problem: "since: expected the sequence number of an event, or -1 for everything" }, 400);
}
