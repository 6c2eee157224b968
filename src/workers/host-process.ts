import { fileURLToPath } from "node:url";
import { FramedChannel } from "./framed-channel.ts";
import { hostArguments } from "./host-arguments.ts";
import { readHostMessage } from "./host-message.ts";
import { type LauncherContext, say } from "./launcher-context.ts";
import type { FromHost, HostSetup, ToHost } from "./messages.ts";
import { ObjectiveProcess } from "./objective-process.ts";

const PROGRAM = fileURLToPath(new URL("./trial-host.js", import.meta.url));

/** Milliseconds between the end of a host's channel and that of the host itself, which counts. */
const LEAVING = 1_000;

/** A trial host for the module at a path, in a process group of its own. */
export class HostProcess {
  readonly process: ObjectiveProcess;
  /** It has started: what becomes of it from now on is the objective's doing. */
  awake = false;
  onMessage: (message: FromHost) => void = () => {};
  /** Hears that the objective has broken the channel, in words. */
  onBroken: (problem: string) => void = () => {};
  readonly #channel: FramedChannel | undefined;

  constructor(path: string, context: LauncherContext) {
    const { device, metric, limits, studyId, execArgv = [] } = context;
    const setup: HostSetup = { device, path, metric, memory: limits.memory };
    const words = [...hostArguments(execArgv, path), PROGRAM, JSON.stringify(setup)];
    this.process = new ObjectiveProcess(process.execPath, words, {
      env: context.environment,
      channel: true,
      family: { studyId, slot: device.slot },
    });
    const { pid, channel } = this.process;
    if (channel !== undefined) this.#channel = this.#listen(new FramedChannel(channel));
    if (pid !== undefined) say({ type: "group", pid });
  }

  send(message: ToHost): void {
    this.#channel?.send(message);
  }

  #listen(channel: FramedChannel): FramedChannel {
    channel.onMessage = (received) => {
      const message = readHostMessage(received);
      if (message === undefined) this.onBroken("it sent what is no message");
      else if (message.type === "awake") this.awake = true;
      else this.onMessage(message);
    };
    channel.onClose = (problem) => {
      const late = setTimeout(() => this.onBroken(problem ?? "it closed it"), problem === undefined ? LEAVING : 0);
      this.process.onEnd(() => clearTimeout(late));
    };
    return channel;
  }
}
