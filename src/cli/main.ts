#!/usr/bin/env node
import { survive } from "./lost-words.ts";
import { processOutput } from "./output.ts";
import { runCli } from "./run-cli.ts";
import { refuseDebugger } from "../workers/no-debugger.ts";

refuseDebugger();
const argv = process.argv.slice(2);
survive(process.stdout, process.stderr);
survive(process.stderr, process.stdout);
const code = await runCli(argv, processOutput(argv));
process.exitCode ??= code;
