#!/usr/bin/env node
import "../workers/no-debugger.ts";
import { processOutput } from "./output.ts";
import { exitWhenUnread, runCli } from "./run-cli.ts";

const argv = process.argv.slice(2);
exitWhenUnread(process.stdout);
exitWhenUnread(process.stderr);
process.exitCode = await runCli(argv, processOutput(argv));
