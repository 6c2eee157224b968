import { HpoError, InvalidSpecError, formatIssue } from "../../errors.ts";
import { checkSpace } from "../check-space.ts";
import { type Command, defineCommand } from "../command.ts";
import { JSON_OUTPUT } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";

export const command: Command = defineCommand({
  describe: "Check a spec and show all its problems at once",
  positionals: { space: { describe: "The spec, a JSON file" } },
  options: JSON_OUTPUT,
  async run({ space, json }, output) {
    try {
      const summary = checkSpace(space);
      if (json) output.out("[]");
      else for (const line of summary) output.out(line);
      return EXIT.done;
    } catch (error) {
      if (!json || !(error instanceof HpoError)) throw error;
      const unreadable = [{ path: "", expected: "a readable spec", received: error.message }];
      output.out(JSON.stringify(error instanceof InvalidSpecError ? error.issues : unreadable, null, 2));
      for (const issue of error instanceof InvalidSpecError ? error.issues : unreadable) output.err(formatIssue(issue));
      return EXIT.badInput;
    }
  },
});
