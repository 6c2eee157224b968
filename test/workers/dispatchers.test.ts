import { afterEach, describe, expect } from "vitest";
import type { ObjectiveFunction } from "../../src/workers/trial.ts";
import { createFunctionDispatcher } from "../../src/workers/function-dispatcher.ts";
import steps from "../fixtures/objectives/steps.mjs";
import { closeAll, openCommand, openModule, PYTHON } from "../support/process-dispatchers.ts";
import { dispatcherSuite } from "./dispatcher-suite.ts";

afterEach(async () => expect(await closeAll()).toEqual([]));

describe("functions", () => {
  const limits = { timeout: null, idle: null, memory: null, retries: 0, grace: 50 };
  const objective = steps as ObjectiveFunction;
  dispatcherSuite(() => createFunctionDispatcher({ objective, metric: "loss", slots: ["cpu-0"], limits }));
});

describe("modules", () => dispatcherSuite(() => openModule("steps.mjs")));

describe("commands", () => dispatcherSuite(() => openCommand([...PYTHON, "steps", ["{hang}"]])));
