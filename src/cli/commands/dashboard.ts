import { once } from "node:events";
import { existsSync } from "node:fs";
import { openDashboard } from "../../dashboard/server.ts";
import { HpoError } from "../../errors.ts";
import { type Command, defineCommand } from "../command.ts";
import { DIRECTORY } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { listenForInterruption } from "../interruption.ts";
import { openInBrowser } from "../open-in-browser.ts";

const PORT = 4600;

export const command: Command = defineCommand({
  describe: "Show all studies of a folder in the browser, live",
  positionals: {},
  options: {
    ...DIRECTORY,
    port: { type: "whole", min: 0, describe: `Port to listen on (default ${PORT}, or any other where that is taken)` },
    host: {
      type: "text",
      default: "127.0.0.1",
      describe: "Address to listen on; one that other machines reach asks for a token",
    },
    open: { type: "flag", describe: "Open the browser" },
  },
  async run({ directory, port, host, open }, output) {
    if (port !== undefined && port > 65_535)
      throw new HpoError("invalid-argument", `--port: expected 0 to 65535, received ${port}`);
    const interruption = listenForInterruption();
    try {
      const dashboard = await openDashboard({ directory, host, port: port ?? PORT, otherPort: port === undefined });
      output.out(dashboard.url);
      if (port === undefined && dashboard.port !== PORT)
        output.out(`port ${PORT} is taken by another program; this is port ${dashboard.port}`);
      await dashboard.studies.settled();
      output.out(`${dashboard.studies.problem ?? there(directory, dashboard.studies.list().length)}; Ctrl-C ends it`);
      if (open) await openInBrowser(dashboard.url, output);
      if (!interruption.signal.aborted) await once(interruption.signal, "abort");
      await dashboard.close();
    } finally {
      interruption.release();
    }
    return EXIT.done;
  },
});

function there(directory: string, studies: number): string {
  if (!existsSync(directory)) return `there is no folder ${directory} yet; its studies are shown when they come`;
  const words = studies === 0 ? "no studies yet" : studies === 1 ? "1 study" : `${studies} studies`;
  return `${words} in ${directory}`;
}
