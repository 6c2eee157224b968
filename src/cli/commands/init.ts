import { createInterface } from "node:readline/promises";
import { HpoError } from "../../errors.ts";
import { commandLine } from "../../views/command-line.ts";
import { type Command, defineCommand } from "../command.ts";
import { JSON_OUTPUT } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import { initProject, TEMPLATES } from "../init-project.ts";

const WORDS = Object.keys(TEMPLATES);

export const command: Command = defineCommand({
  describe: "Write a spec and an objective that run at once into this folder",
  positionals: {},
  options: {
    ...JSON_OUTPUT,
    template: { type: "text", choices: WORDS, describe: "What trains" },
    force: { type: "flag", describe: "Write over files that are there" },
  },
  async run({ template, force, json }, output) {
    const chosen = template ?? (await askTemplate(output.isTerminal && !json));
    const { name, files, needs } = initProject({ template: chosen, folder: ".", force });
    if (json) output.out(JSON.stringify({ name, template: chosen, files, needs: needs ?? null }));
    else {
      output.out(`wrote ${files.join(" and ")}`);
      if (needs !== undefined) output.out(`it needs: ${needs}`);
      output.out("next:");
      for (const words of [
        commandLine("space check", ["space.json"], "studies"),
        commandLine("study start", ["space.json"], "studies"),
        commandLine("study best", [name], "studies"),
      ])
        output.out(`  ${words}`);
    }
    return EXIT.done;
  },
});

async function askTemplate(somebodyLooks: boolean): Promise<string> {
  if (!somebodyLooks || !process.stdin.isTTY)
    throw new HpoError("invalid-argument", `init: expected --template and one of ${WORDS.join(", ")}`);
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const list = WORDS.map((word, index) => `  ${index + 1}  ${word.padEnd(12)}${TEMPLATES[word]?.describe}`);
    for (;;) {
      const answer = (await lines.question(`What trains?\n${list.join("\n")}\nnumber or word [1]: `)).trim() || "1";
      const word = WORDS[Number(answer) - 1] ?? WORDS.find((each) => each === answer);
      if (word !== undefined) return word;
    }
  } finally {
    lines.close();
  }
}
