import { createServer } from "node:net";
import { once } from "node:events";
import { afterAll, describe, expect, it } from "vitest";
import { TestFolder } from "./cli.ts";

const test = new TestFolder();
afterAll(() => test.remove());

describe("hpo dashboard", () => {
  it("prints its address and what it shows, and ends by Ctrl-C with streams that are open", async () => {
    const running = test.start(["dashboard", "--port", "0"]);
    await running.saw(/Ctrl-C ends it/);
    const printed = running.stdout();
    expect(printed).toContain("there is no folder studies yet; its studies are shown when they come; Ctrl-C ends it");
    const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(printed) as RegExpExecArray;
    const stream = await fetch(new URL("/api/studies/events", url));
    const page = await fetch(url);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    running.child.kill("SIGINT");
    expect((await running.ended).code).toBe(0);
    await expect(stream.text()).rejects.toThrow();
  });

  it("says which port is taken, and refuses an address that is not here", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as { readonly port: number };
    const refused = await test.run(["dashboard", "--port", String(port)]);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      `hpo: expected to listen on 127.0.0.1:${port}, but another program listens there: end it, or choose another with --port\n`,
    ]);
    taken.close();
    expect((await test.run(["dashboard", "--host", "192.0.2.1", "--port", "0"])).stderr).toContain(
      "choose an address of this machine with --host",
    );
    expect((await test.run(["dashboard", "--port", "70000"])).stderr).toContain("expected 0 to 65535");
  });

  it("prints a token where others can reach it", async () => {
    const running = test.start(["dashboard", "--host", "0.0.0.0", "--port", "0"]);
    await running.saw(/Ctrl-C ends it/);
    const printed = running.stdout();
    expect(printed).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/m);
    running.child.kill("SIGTERM");
    expect((await running.ended).code).toBe(0);
  });
});
