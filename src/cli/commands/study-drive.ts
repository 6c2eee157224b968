import { type Command, defineCommand } from "../command.ts";
import { DIRECTORY, STOP, stopFrom } from "../common-options.ts";
import { driveStudy } from "../drive-study.ts";
import { EXIT } from "../exit-codes.ts";

export const command: Command = defineCommand({
  describe: "Let another program drive a study: it asks, reports and tells by lines of JSON on stdin",
  positionals: { space: { describe: 'The study\'s spec, or "-" where it is the first line of stdin' } },
  options: {
    name: { type: "text", describe: "Name of the study, instead of the spec's" },
    ...DIRECTORY,
    ...STOP,
  },
  async run({ space, name, directory, trials, time }, output) {
    const changes = { ...(name === undefined ? {} : { name }), ...stopFrom(trials, time) };
    await driveStudy({ space, directory, changes }, (message) => output.out(JSON.stringify(message)));
    return EXIT.done;
  },
});
