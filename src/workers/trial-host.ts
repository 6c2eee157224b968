import { Socket } from "node:net";
import { callObjective } from "./call-objective.ts";
import { type Failure, failed, failedBy, thrown } from "./failure.ts";
import { CHANNEL, FramedChannel } from "./framed-channel.ts";
import { HostChannel } from "./host-channel.ts";
import { loadObjective, whereSyntaxFails } from "./load-objective.ts";
import type { FromHost, HostSetup, ToHost } from "./messages.ts";
import { refuseDebugger } from "./no-debugger.ts";
import type { ToldOutcome } from "./told.ts";
import { isClean, takeTraces, type Traces } from "./traces.ts";
import type { ObjectiveFunction } from "./trial.ts";
import { messageOf } from "./words.ts";

/** The process in which a module objective runs, one run after another. Its parent is the launcher. */

type RunMessage = Extract<ToHost, { readonly type: "run" }>;

interface OpenRun {
  readonly message: RunMessage;
  readonly channel: HostChannel;
  readonly before: Traces;
}

refuseDebugger();
const setup = JSON.parse(process.argv[2] ?? "") as HostSetup;
const launcher = new FramedChannel(new Socket({ fd: CHANNEL }));
let open: OpenRun | undefined;
/** Resident memory with the objective loaded, in bytes, before its first call. */
let loaded = 0;

function send(message: FromHost): void {
  launcher.send(message);
}

async function perform(message: RunMessage): Promise<void> {
  const channel = new HostChannel(message.order, send);
  const run = { message, channel, before: takeTraces() };
  open = run;
  const objective = await load(message);
  if (typeof objective !== "function") return end(run, objective);
  const facts = { ...message.order, device: setup.device };
  end(run, await callObjective(objective, facts, setup.metric, channel, channel.signal));
}

/** The objective, or the failure of a module that gives none. */
async function load({ order }: RunMessage): Promise<ObjectiveFunction | Failure> {
  try {
    const objective = await loadObjective(setup.path, order.run);
    if (loaded === 0) loaded = process.memoryUsage.rss();
    return objective;
  } catch (error) {
    const prefix = `cannot load ${setup.path}: `;
    const where = error instanceof SyntaxError ? whereSyntaxFails(setup.path) : undefined;
    return where === undefined ? failedBy("launch", error, prefix) : failed("launch", prefix + messageOf(error), where);
  }
}

/** Only the first end of a run counts. `sound`: the process is not known to be in a strange state. */
function end(run: OpenRun, outcome: ToldOutcome, sound = true): void {
  if (open !== run) return;
  open = undefined;
  try {
    send({ type: "result", outcome });
  } catch (error) {
    send({ type: "result", outcome: failedBy("error", error, "its result is too large: ") });
  }
  void settle(run, sound);
}

async function settle({ message, before }: OpenRun, sound: boolean): Promise<void> {
  await Promise.all([process.stdout, process.stderr].map((stream) => writeMark(stream, message.endMark)));
  const clean = sound && (await isClean(before, loaded, setup.memory));
  send({ type: "settled", clean });
}

/** Resolves also when the objective has closed the stream. */
async function writeMark(stream: NodeJS.WriteStream, mark: string): Promise<void> {
  if (!stream.writable) return;
  await new Promise<void>((resolve) => stream.write(mark, () => resolve()));
}

/** An error that nobody caught ends the run that is open; without one the host is of no use any more. */
function fail(error: unknown): void {
  if (open === undefined) process.exit(1);
  else end(open, thrown(error), false);
}

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
launcher.onClose = () => process.exit();
launcher.onMessage = (received) => {
  const message = received as ToHost;
  if (message.type === "run") void perform(message);
  else open?.channel.answer(message);
};
send({ type: "awake" });
