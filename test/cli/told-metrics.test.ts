import { afterAll, describe, expect, it } from "vitest";
import { createStudy } from "../../src/index.ts";
import { spec, TestFolder } from "./cli.ts";

/** What a command, a module, a function and a program say, each in a study of its own: one trial for each way to say it. */

const place = new TestFolder();
afterAll(() => place.remove());

interface Row {
  readonly state: string;
  readonly value: number | null;
  readonly cause: { readonly kind: string; readonly message: string } | null;
}

const complete = (value: number): object => ({ state: "complete", value });
const failed = (kind: string, ...words: readonly string[]): object => ({
  state: "failed",
  cause: {
    kind,
    message: expect.stringMatching(words.map((word) => word.replaceAll(/[\\()[\].{}"]/g, String.raw`\$&`)).join(".*")),
  },
});

/** A study whose trial i says what is said i-th; the trials are run one after another. */
async function study(name: string, objective: object, said: number, changes: object = {}): Promise<readonly Row[]> {
  const numbers = Array.from({ length: said }, (_, i) => i);
  place.write(
    "space.json",
    spec({
      name,
      objective,
      parameters: { i: { type: "int", low: 0, high: said } },
      enqueue: numbers.map((i) => ({ i })),
      strategy: "random",
      stop: { trials: said },
      ...changes,
    }),
  );
  expect(await place.run(["study", "start", "space.json", "--quiet"])).toMatchObject({ code: 0 });
  expect(await place.run(["study", "verify", name])).toMatchObject({ code: 0 });
  const { trials } = await place.json<{ trials: readonly Row[] }>("study", "show", name);
  return trials;
}

const GOOD = '{"step": 1, "loss": 0.3}\n';

const LINES: readonly (readonly [string, object])[] = [
  [`${GOOD}{"step": 2, "loss": 0.2}\n`, complete(0.2)],
  [`${GOOD}{"step": 2, "loss": null}\n`, failed("non-finite", "loss was null at step 2")],
  [`${GOOD}{"step": 2, "loss": "NaN"}\n`, failed("non-finite", 'a string ("NaN") at step 2')],
  [`${GOOD}{"step": 2, "loss": "0.2"}\n`, failed("non-finite", 'a string ("0.2") at step 2')],
  [`${GOOD}{"step": 2, "loss": true}\n`, failed("non-finite", "loss was true")],
  [`${GOOD}{"step": 2, "loss": [0.2]}\n`, failed("non-finite", "loss was an array")],
  [`${GOOD}{"step": 2, "loss": Infinity}\n`, failed("non-finite", "loss was Infinity")],
  [`${GOOD}{"step": 2, "loss": 1e999}\n`, failed("non-finite", "loss was Infinity")],
  [`${GOOD}{"step": 2, "loss": -nan}\n`, failed("non-finite", "loss was NaN")],
  [`${GOOD}{"step": 2, "loss": }\n`, failed("non-finite", "no JSON")],
  [`${GOOD}{"loss": null}\n`, failed("non-finite", "loss was null in its result")],
  [`${GOOD}{"loss": 0.1}`, complete(0.1)],
  [`${GOOD}{"accuracy": 0.9}\n`, complete(0.3)],
  [`${GOOD}{"step": "2", "loss": 0.2}\n`, failed("bad-report", 'received a string ("2")')],
  [`${GOOD}{"step": -1, "loss": 0.2}\n`, failed("bad-report", "received -1")],
  [`${GOOD}{"step": null, "loss": 0.2}\n`, failed("bad-report", "received null")],
  [`${GOOD}{"step": "warm-up", "rate": 0.2}\n`, complete(0.3)],
  [`{"step": 0, "loss": 0.9}\n{"step": 0.5, "loss": 0.8}\n`, complete(0.8)],
  [`${GOOD}{"step": 1e300, "loss": 0.2}\n`, complete(0.2)],
  [`\uFEFF{"step": 1, "loss": 0.5}\r\n\u001b[32m{"step": 2, "loss": 0.2}\u001b[0m\r\n`, complete(0.2)],
  [`${GOOD}{"step": 2, "loss": 0.2}{"step": 3, "loss": null}\n`, failed("non-finite", "null at step 3")],
  [`${GOOD} 50%|=====     |\r100%|==========|\r{"step": 2, "loss": 0.2}\r`, complete(0.2)],
  [`${GOOD}{"step": 2, "loss": 0.2, "état": "${"é".repeat(20_000)}"}\n`, complete(0.2)],
  [`${GOOD}{"step": 2, "loss": 0.2, "weights": "${"x".repeat(200_000)}"}\n`, failed("non-finite", "no JSON")],
  [`{"step": 1, "Loss": 0.3}\n`, failed("no-result", "expected a line such as")],
  [`{"step": 3, "loss": 0.1}\n{"step": 2, "loss": 0.5}\n`, complete(0.1)],
  [`{"step": 3, "loss": 0.1}\n{"step": 3, "seconds": 5}\n{"step": 3, "loss": 0.4}\n`, complete(0.4)],
];

describe("a command's lines", () => {
  it("count, or fail their run with what came", async () => {
    for (const [i, [text]] of LINES.entries()) place.write(`lines/${i}`, text);
    const rows = await study("lines", { command: ["cat", "lines/{i}"] }, LINES.length);
    for (const [i, [text, expected]] of LINES.entries()) expect(rows[i], text.slice(0, 100)).toMatchObject(expected);
  });
});

const WORDS: readonly (readonly [string, object])[] = [
  ["epoch 1 loss 0.5\nepoch 2 loss 0.2", complete(0.2)],
  ["epoch 1 loss 0.5\nepoch 2 loss nan", failed("non-finite", "loss was NaN at step 2")],
  ["epoch 1 loss 0.5\nepoch 2 loss -inf", failed("non-finite", "loss was -Infinity")],
  ["epoch 1 loss 0.5\nepoch 2 loss 1,234.5", failed("non-finite", '"1,234.5"')],
  ["epoch 1 loss 0.5\nepoch 2 loss \u22120.3", failed("non-finite", '"\u22120.3"')],
  ["epoch 1 loss 0.5\nepoch 2 loss 1e-3,", failed("non-finite", '"1e-3,"')],
  ["epoch 1 loss 0.5\nepoch 2 loss 20%", failed("non-finite", '"20%"')],
  ["epoch 1 loss 0.5\nepoch 2 \u001b[31mloss 0.2\u001b[0m", complete(0.2)],
  ["epoch 1 loss 0.5\nepoch 2 done", complete(0.5)],
];

describe("lines that a pattern reads", () => {
  it("count, or fail their run with the word that came", async () => {
    for (const [i, [text]] of WORDS.entries()) place.write(`words/${i}`, text);
    const report = { pattern: String.raw`epoch (?<step>\d+) loss (?<loss>\S+)` };
    const rows = await study("words", { command: ["cat", "words/{i}"], report }, WORDS.length);
    for (const [i, [text, expected]] of WORDS.entries()) expect(rows[i], text).toMatchObject(expected);
  });
});

/** The bodies of objectives; each begins with a good report. */
const BODIES: readonly (readonly [string, object])[] = [
  ["return { loss: 0.1 };", complete(0.1)],
  ["return;", complete(0.3)],
  ["return {};", complete(0.3)],
  ["return { accuracy: 1 };", complete(0.3)],
  ['return { loss: "0.1" };', failed("non-finite", 'a string ("0.1") in its result')],
  ["return { loss: null };", failed("non-finite", "null in its result")],
  ["return { loss: undefined };", failed("non-finite", "undefined in its result")],
  ["return null;", failed("no-result", "received null")],
  ["await trial.report({ step: 2, loss: null });", failed("non-finite", "loss was null at step 2")],
  ['await trial.report({ step: 2, loss: "0.2" });', failed("non-finite", 'a string ("0.2")')],
  ["await trial.report({ step: 2, loss: NaN });", failed("non-finite", "loss was NaN at step 2")],
  ['await trial.report({ step: "2", loss: 0.2 });', failed("bad-report", 'received a string ("2")')],
  ["await trial.report({ loss: 0.2 }).catch(() => {});", failed("bad-report", "received undefined")],
  ["await trial.report(0.2).catch(() => {});", failed("bad-report", "received 0.2")],
  ["await trial.report({ step: 3, loss: 0.1 }); await trial.report({ step: 2, loss: 0.5 });", complete(0.1)],
  ["await trial.report({ step: 1, seconds: 9 });", complete(0.3)],
  ["await trial.report({ step: 2, loss: 0.2, accuracy: null });", complete(0.2)],
];
const OBJECTIVE = `
const bodies = [${BODIES.map(([body]) => `async (trial) => { ${body} }`).join(",\n")}];
export default async (params, trial) => {
  await trial.report({ step: 1, loss: 0.3 });
  return bodies[params.i](trial);
};
`;

describe("what modules and functions report and return", () => {
  it("counts, or fails its run with what came", async () => {
    place.write("bodies.mjs", OBJECTIVE);
    const rows = await study("bodies", { module: "./bodies.mjs" }, BODIES.length);
    for (const [i, [body, expected]] of BODIES.entries()) expect(rows[i], body).toMatchObject(expected);
  });

  it("is the same for a function", async () => {
    const file = place.write("bodies.mjs", OBJECTIVE);
    const { default: objective } = (await import(file)) as { default: () => Promise<undefined> };
    const own = await createStudy({
      name: "function",
      directory: null,
      metric: { name: "loss", goal: "minimize" },
      parameters: { i: { type: "int", low: 0, high: BODIES.length } },
      enqueue: BODIES.map((_, i) => ({ i })),
      objective,
      strategy: "random",
      stop: { trials: BODIES.length },
    });
    const { trials } = await own.run();
    await own.close();
    for (const [i, [body, expected]] of BODIES.entries()) expect(trials[i], body).toMatchObject(expected);
  });
});

describe("what a program tells of its own runs", () => {
  it("counts, or fails the run with what came", async () => {
    const own = await createStudy({
      name: "told",
      directory: null,
      metric: { name: "loss", goal: "minimize" },
      parameters: { x: { type: "float", low: 0, high: 1 } },
      strategy: "random",
    });
    const ask = async (): Promise<{ run: number; number: number }> =>
      (await own.ask()) as { run: number; number: number };
    const after = async (steps: readonly object[], result: object | number): Promise<unknown> => {
      const trial = await ask();
      for (const step of steps) await own.report(trial, step as { step: number });
      await own.tell(trial, result as number);
      return own.history.trials[trial.number];
    };
    const late = [
      { step: 3, loss: 0.1 },
      { step: 2, loss: 0.5 },
    ];
    expect(await after(late, {})).toMatchObject({
      value: 0.1,
      reports: [
        { step: 2, metrics: { loss: 0.5 } },
        { step: 3, metrics: { loss: 0.1 } },
      ],
    });
    expect(
      await after(
        [
          { step: 1, loss: 0.1 },
          { step: 1, seconds: 2 },
        ],
        { seconds: 3 },
      ),
    ).toMatchObject({ value: 0.1 });
    expect(await after([{ step: 1, loss: 0.1 }], { loss: null })).toMatchObject(
      failed("non-finite", "null in its result"),
    );
    expect(await after([{ step: 1, loss: null }], 0.1)).toMatchObject(failed("non-finite", "null at step 1"));
    const trial = await ask();
    await expect(own.tell(trial, { accuracy: 1 })).rejects.toMatchObject({ code: "invalid-argument" });
    await own.tell(trial, { loss: 1 });
    await own.close();
  });
});
