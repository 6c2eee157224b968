// Writes docs/cli.md from what the built commands say of themselves: `npm run docs:cli`. With --check it only compares.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("..", import.meta.url);
const page = new URL("docs/cli.md", root);
const main = fileURLToPath(new URL("dist/cli/main.js", root));
const { COMMANDS } = await import(new URL("dist/cli/commands.js", root));

const help = (words) =>
  execFileSync(process.execPath, [main, ...words, "--help"], {
    encoding: "utf8",
    env: { ...process.env, COLUMNS: "100", NO_COLOR: "1" },
  }).trimEnd();

const parts = [
  "# Commands",
  "",
  "This page is written by `npm run docs:cli`. Exit codes: 0 done, 1 the study or trial failed, 2 bad input, 130 interrupted.",
  "",
];
for (const command of Object.keys(COMMANDS))
  parts.push(`## hpo ${command}`, "", "```text", help(command.split(" ")), "```", "");
const text = parts.join("\n");

if (!process.argv.includes("--check")) writeFileSync(page, text);
else if (readFileSync(page, "utf8") !== text) {
  console.error("docs/cli.md is not what the commands say: run npm run docs:cli");
  process.exitCode = 1;
}
