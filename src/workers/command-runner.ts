import { existsSync } from "node:fs";
import { CommandChannel } from "./command-channel.ts";
import { CommandReports } from "./command-reports.ts";
import { commandEnvironment, commandWords } from "./command-words.ts";
import { failed } from "./failure.ts";
import { type LauncherContext, say } from "./launcher-context.ts";
import type { LauncherRun, Runner } from "./launcher-run.ts";
import type { Answer, ProcessObjective, ProcessOrder } from "./messages.ts";
import { ObjectiveProcess } from "./objective-process.ts";
import { type LineReader, patternReader } from "./output-line.ts";
import { exitFailure } from "./process-exit.ts";
import { RunGuard } from "./run-guard.ts";
import { RunOutput } from "./run-output.ts";
import type { ToldOutcome } from "./told.ts";
import { messageOf } from "./words.ts";

type Command = Extract<ProcessObjective, { readonly kind: "command" }>;

/** A command that reports faster than the coordinator answers is not read on beyond so many reports. */
const UNANSWERED = 256;

/** Runs a command, without a shell, in a process of its own for each run. */
export class CommandRunner implements Runner {
  readonly #command: Command;
  readonly #context: LauncherContext;
  readonly #matched: LineReader | undefined;
  /** Why the pattern cannot be used: an earlier version took patterns that this one does not. */
  readonly #problem: string | undefined;

  constructor(command: Command, context: LauncherContext) {
    this.#command = command;
    this.#context = context;
    try {
      if (command.pattern !== null) this.#matched = patternReader(command.pattern);
    } catch (error) {
      this.#problem = `the pattern of its reports cannot be used: ${messageOf(error)}`;
    }
  }

  start(order: ProcessOrder): LauncherRun {
    if (this.#problem !== undefined)
      return { ended: Promise.resolve(failed("launch", this.#problem)), answer: () => {}, abandon: () => {} };
    const [program = "", ...words] = commandWords(this.#command.argv, order);
    const { metric, limits, environment } = this.#context;
    let guard: RunGuard | undefined;
    const reports = new CommandReports(order, metric, this.#matched, (call) => {
      if (call.type === "report") guard?.heard();
      this.#context.call(call);
    });
    const channel = new CommandChannel(reports);
    const own = commandEnvironment(order, metric, this.#command, environment);
    const env = { ...environment, ...own, ...channel.environment };
    const family = { studyId: this.#context.studyId, slot: order.slot };
    const child = new ObjectiveProcess(program, words, { env, cwd: this.#command.cwd, family });
    const { pid } = child;
    if (pid === undefined) {
      channel.close();
      return { ended: this.#notStarted(child, program), answer: () => {}, abandon: () => {} };
    }
    say({ type: "group", pid });
    const watch = (guard = new RunGuard(child.family, limits));
    return {
      ended: this.#follow(child, order, watch, reports, channel).finally(() => channel.close()),
      answer: (answer: Answer) => {
        if (answer.type === "stop") {
          // A program that is told over its channel may end by itself.
          watch.stop(channel.inUse ? limits.grace / 2 : 0);
          channel.stop(answer.reason);
        }
        reports.answer(answer);
        if (reports.unanswered <= UNANSWERED) child.pause(false);
      },
      abandon: () => watch.abandon(),
    };
  }

  warm(): void {}

  async close(): Promise<void> {}

  async #follow(
    child: ObjectiveProcess,
    order: ProcessOrder,
    guard: RunGuard,
    reports: CommandReports,
    channel: CommandChannel,
  ): Promise<ToldOutcome> {
    const output = new RunOutput(order);
    let over = false;
    child.onOutput = (stream, chunk) => {
      output.write(stream, chunk);
      if (!channel.inUse) reports.push(stream, chunk);
      if (!over && reports.unanswered > UNANSWERED) child.pause(true);
    };
    await child.ended();
    guard.close();
    over = true; // what is left in the pipe is little, and must be read before it is given up
    child.pause(false);
    await child.family.end(guard.graceLeft);
    say({ type: "group", pid: 0 });
    await child.drain();
    await reports.end();
    output.end();
    if (guard.verdict !== undefined) return guard.verdict;
    const exit = child.exit ?? { code: null, signal: null };
    if (exit.code !== 0) return exitFailure(exit, output.errors, guard.starved);
    return this.#outcomeOf(reports, output, channel.inUse);
  }

  #outcomeOf(reports: CommandReports, output: RunOutput, speaks: boolean): ToldOutcome {
    const { result } = reports;
    if (result !== undefined) return { kind: "completed", metrics: result };
    const { pattern } = this.#command;
    const { metric } = this.#context;
    if (speaks) {
      const expected = `expected trial.report(step, ${metric}=…), and the program ended without one`;
      return failed("no-result", expected, output.errors);
    }
    const expected = pattern === null ? `a line such as {"step": 1, "${metric}": 0.5}` : `a line matching ${pattern}`;
    const last = output.lastLine === "" ? "it printed nothing" : `its last line was: ${output.lastLine.slice(0, 200)}`;
    return failed("no-result", `expected ${expected} on its output, and none came; ${last}`, output.errors);
  }

  async #notStarted(child: ObjectiveProcess, program: string): Promise<ToldOutcome> {
    await child.ended();
    const { problem, scarce } = child;
    const { cwd } = this.#command;
    const why: Readonly<Record<string, string>> = {
      ENOENT: existsSync(cwd) ? "no such command" : `its folder ${cwd} does not exist`,
      EACCES: "it is not executable",
    };
    const message = `cannot start "${program}": ${why[problem?.code ?? ""] ?? messageOf(problem)}`;
    return scarce ? { kind: "lost", reason: message } : failed("launch", message);
  }
}
