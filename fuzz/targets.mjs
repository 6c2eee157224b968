import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createApp } from "../dist/dashboard/app.js";
import { Studies } from "../dist/dashboard/studies.js";
import { HpoError } from "../dist/errors.js";
import { encodeLine } from "../dist/journal/line.js";
import { impossibleEvent, JournalLines } from "../dist/journal/read-journal.js";
import { readReply, readRequest } from "../dist/journal/request.js";
import { findSyntaxProblem } from "../dist/space/json-syntax.js";
import { Decider } from "../dist/study/decider.js";
import { resolveSpec, specIssues } from "../dist/study/resolve.js";
import { studyChanges } from "../dist/views/study-changes.js";
import { StudyFold } from "../dist/views/study-fold.js";
import { patternReader, readJsonLine } from "../dist/workers/output-line.js";
import { readReport } from "../dist/workers/told.js";
import { mutateText, mutateValue } from "./mutate.mjs";

/**
 * The real parsers, each with what it is given. A case is refused in words that name its place, or it is taken; anything else
 * that is thrown is what the fuzzer looks for.
 */

const root = fileURLToPath(new URL("..", import.meta.url));

const SPECS = [
  ...readdirSync(join(root, "search-spaces"), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.name.endsWith("space.json"))
    .map((entry) => JSON.parse(readFileSync(join(entry.parentPath, entry.name), "utf8"))),
  {
    name: "all",
    metric: { name: "loss", goal: "maximize" },
    parameters: {
      a: { type: "categorical", choices: ["x", 1, true, null] },
      b: { type: "float", low: 0.1, high: 2, log: true, when: { a: ["x", 1] } },
      c: { type: "int", low: -3, high: 9, step: 3 },
      d: { type: "ordinal", values: [1, 2, 4] },
      e: { type: "float", low: 0, high: 1, step: 0.25, when: { d: [2] } },
    },
    objective: {
      command: ["python3", "train.py", ["--b", "{b}"], "{a}"],
      report: { pattern: "step (?<step>\\d+) loss (?<loss>\\S+)" },
    },
    strategy: { sampler: "tpe", scheduler: { name: "median", startup: 3 } },
    budget: { min: 1, max: 27, eta: 3, unit: "epochs" },
    stop: { trials: 10, time: "1h", value: 3, patience: 4 },
    workers: { cpus: 2, gpus: "none" },
    trial: { timeout: "10m", idle: "1m", memory: "4GB", retries: 2, grace: "5s" },
    checkpoints: { disk: "50GB" },
    enqueue: [{ a: "x", b: 1, c: 0, d: 2, e: 0.5 }],
    seed: 3,
    reproducible: true,
  },
];

/** Issues name their place and say what was expected. */
function assertIssues(issues) {
  for (const { path, expected, received } of issues)
    if (typeof path !== "string" || !expected || !received)
      throw new Error(`an issue without words: ${JSON.stringify({ path, expected, received })}`);
}

function spec(random) {
  let document = mutateValue(random.of(SPECS), random);
  if (random.below(3) === 0) {
    const text = mutateText(JSON.stringify(document), random);
    const problem = findSyntaxProblem(text);
    if (problem !== undefined) {
      if (!(problem.offset >= 0 && problem.offset <= text.length) || !problem.expected)
        throw new Error("a problem nowhere");
      return "refused";
    }
    document = JSON.parse(text);
  }
  const issues = specIssues(document, "/nowhere");
  assertIssues(issues);
  const context = { subject: "s", specFolder: "/nowhere", studyFolder: null, objective: "none" };
  if (issues.length > 0) return "refused";
  resolveSpec(document, context);
  return "taken";
}

const JOURNALS = readdirSync(join(root, "test/golden"))
  .filter((name) => name.endsWith(".jsonl"))
  .map((name) =>
    readFileSync(join(root, "test/golden", name), "utf8")
      .trimEnd()
      .split("\n")
      .slice(0, 60),
  );

function journal(random) {
  const lines = random.of(JOURNALS);
  const at = random.below(lines.length);
  const { crc: _, ...event } = JSON.parse(lines[at]);
  const isSound = random.below(3) > 0;
  const changed = isSound ? encodeLine(asRecord(mutateValue(event, random))) : mutateText(lines[at], random);
  const all = [...lines.slice(0, at), ...changed.split("\n"), ...lines.slice(at + 1, at + 8)].map((line) =>
    Buffer.from(line),
  );
  const reader = new JournalLines("j");
  const [decider, fold] = [new Decider(), new StudyFold()];
  try {
    for (const line of all) {
      const read = reader.read(line, 0, line.length);
      try {
        decider.apply(read);
        fold.apply(read);
      } catch (error) {
        throw impossibleEvent("j", read, error);
      }
    }
  } catch (error) {
    if (error instanceof HpoError && error.code === "journal-damaged" && /line \d+|format version/.test(error.message))
      return "refused";
    throw error;
  }
  JSON.stringify(studyChanges(fold, { folder: "f", running: false }, -1));
  return "taken";
}

function asRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value
    : { seq: 0, at: 0, type: "noted" };
}

const LINES = [
  '{"step": 3, "loss": 0.41, "accuracy": 0.9}',
  '{"checkpoint": 3}{"step": 4, "loss": 1e-3}',
  '{"loss": null}',
  "\u001b[32mstep 3 loss 0.41\u001b[0m",
  "step 7 loss nan",
];
const readPattern = patternReader("step (?<step>\\d+) loss (?<loss>\\S+)");

function report(random) {
  const line = mutateText(random.of(LINES), random);
  for (const { step, checkpoint, metrics } of [...readJsonLine(line, "loss"), readPattern(line)]) {
    if (checkpoint !== undefined && !Number.isSafeInteger(checkpoint)) throw new Error("a checkpoint at no step");
    for (const told of [step ?? 0, ...Object.values(metrics)])
      if (typeof told !== "number" && typeof told !== "string") throw new Error("neither a number nor words");
  }
  try {
    readReport("report", mutateValue({ step: 3, loss: 0.4 }, random));
    return "taken";
  } catch (error) {
    if (!(error instanceof TypeError) || !error.message.startsWith("report: ")) throw error;
    return "refused";
  }
}

const REQUESTS = [
  { request: { kind: "stop" }, deadline: 1e9 },
  { request: { kind: "stop-trial", trial: 3 }, deadline: 1e9 },
  { request: { kind: "enqueue", params: { x: 1 } }, deadline: 1e9 },
  { request: { kind: "note", text: "hello", trial: null }, deadline: 1e9 },
  { ok: true, pid: 3 },
  { ok: false, message: "no" },
];

function control(random) {
  const line =
    random.below(2) === 0
      ? JSON.stringify(mutateValue(random.of(REQUESTS), random))
      : mutateText(JSON.stringify(random.of(REQUESTS)), random);
  readReply(line ?? "");
  try {
    const { request, deadline } = readRequest(line ?? "");
    if (typeof request.kind !== "string" || !Number.isFinite(deadline)) throw new TypeError("taken, and no request");
    return "taken";
  } catch (error) {
    if (error.constructor !== Error || !error.message.startsWith("expected ")) throw error;
    return "refused";
  }
}

const ACTIONS = [
  { kind: "stop" },
  { kind: "stop-trial", trial: 0 },
  { kind: "enqueue", params: { units: 1, lr: 0.5 } },
  { kind: "note", text: "x".repeat(3000), trial: 0 },
  { kind: "note", text: "hello", trial: 99 },
];

/** A dashboard over one study, without a network. */
function createHttp() {
  const directory = mkdtempSync(join(tmpdir(), "hpo-fuzz-"));
  cpSync(join(root, "test/golden/journal-0.6.0.jsonl"), join(directory, "s/journal.jsonl"));
  const studies = new Studies(directory);
  const place = { host: "127.0.0.1", port: 80, token: null };
  const app = createApp(studies, () => place);
  const http = async (random) => {
    const action = random.of(ACTIONS);
    let body = JSON.stringify(random.below(2) === 0 ? mutateValue(action, random) : action) ?? "";
    if (random.below(2) === 0) body = mutateText(body, random);
    const name =
      random.below(8) === 0 ? encodeURIComponent(mutateText("s", random).replaceAll(/[\ud800-\udfff]/g, "")) : "s";
    const headers = { host: "127.0.0.1:80", origin: "http://127.0.0.1:80", "content-type": "application/json" };
    const response = await app.request(`/api/studies/${name}/actions`, { method: "POST", headers, body });
    if (response.status >= 500) throw new Error(await response.text());
    const answer = await response.json();
    if (typeof (answer.problem ?? answer.done) !== "string") throw new Error("an answer without words");
    return response.ok ? "taken" : "refused";
  };
  const close = () => {
    studies.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { http, close };
}

/** How many of a hundred cases each target has. */
export const SHARES = { spec: 15, journal: 15, report: 35, control: 33, http: 2 };

/** @returns what runs a case, and what ends it all */
export function openTarget(name) {
  if (name === "http") {
    const { http, close } = createHttp();
    return { run: http, close };
  }
  return { run: { spec, journal, report, control }[name], close: () => undefined };
}
