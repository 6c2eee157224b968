#!/usr/bin/env node
import { processOutput } from "./output.ts";
import { exitWhenUnread, runCli } from "./run-cli.ts";
import { refuseDebugger } from "../workers/no-debugger.ts";

refuseDebugger();
const argv = process.argv.slice(2);
exitWhenUnread(process.stdout);
exitWhenUnread(process.stderr);
process.exitCode = await runCli(argv, processOutput(argv));
