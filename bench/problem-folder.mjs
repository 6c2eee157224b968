// A folder of tabular and surrogate problems: `reader.mjs`, which exports load(folder), a folder for each set with its
// problems.json, and bbob/bbob.mjs. It is not part of this project; its path is an argument.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expandFunction, functionProblem } from "./functions.mjs";

/**
 * The problems that the command line names, each { id, parameters, evaluate(params) -> { loss, cost }, nregret(loss) }. Those of
 * the folder that train in steps also have `steps`, how many, `curve(params, last) -> [step, loss, cost so far][]` from step 1, and
 * where the lowest loss at any step is known `anyRegret(loss)`, the one normalised by that.
 *
 * @param folder of problems, or undefined where functions suffice
 * @param set its subfolder
 * @param problems "all", or ids with commas between; a star at the end of one stands for any ending
 * @param functions words of functions.mjs with commas between
 * @returns a Map from id to a function that makes the problem
 */
export async function findProblems({ folder, set = "dev", problems, functions }) {
  const found = new Map();
  if (problems !== undefined) {
    if (folder === undefined) throw new Error("--problems: give the folder of problems as the first argument");
    const { load } = await importFrom(folder, "reader.mjs");
    const all = load(join(folder, set));
    for (const word of problems.split(",")) {
      const fits = (id) => word === "all" || id === word || (word.endsWith("*") && id.startsWith(word.slice(0, -1)));
      const ids = [...all.keys()].filter(fits);
      if (ids.length === 0)
        throw new Error(`--problems: expected ids among ${[...all.keys()].join(", ")}, received "${word}"`);
      for (const id of ids) found.set(id, () => folderProblem(all.get(id)));
    }
  }
  if (functions !== undefined) {
    const file = folder === undefined ? undefined : join(folder, "bbob", "bbob.mjs");
    const bbob = file !== undefined && existsSync(file) ? (await import(pathToFileURL(resolve(file)))).bbob : undefined;
    for (const id of functions.split(",").flatMap(expandFunction)) found.set(id, () => functionProblem(id, bbob));
  }
  return found;
}

async function importFrom(folder, name) {
  const file = join(folder, name);
  if (!existsSync(file)) throw new Error(`${folder} is no folder of problems: it has no ${name}`);
  return import(pathToFileURL(resolve(file)));
}

function folderProblem(problem) {
  return {
    id: problem.id,
    parameters: toParameters(problem.space),
    evaluate: (params) => problem.evaluate(params),
    nregret: (loss) => problem.nregret(loss),
    ...(problem.fidelity?.incremental === true ? trainedInSteps(problem) : {}),
  };
}

function trainedInSteps(problem) {
  const lowest = problem.spec.best_known.any_step?.loss;
  return {
    steps: problem.fidelity.high,
    curve: (params, last) => problem.curve(params, last),
    anyRegret: lowest === undefined ? undefined : (loss) => problem.nregret(loss, lowest),
  };
}

/** A space in the folder's format as the `parameters` of a spec. */
export function toParameters(space) {
  return Object.fromEntries(
    space.map(({ name, active_if: conditions = [], ...parameter }) => {
      const when = {};
      for (const { param, in: values } of conditions)
        when[param] = when[param]?.filter((value) => values.includes(value)) ?? values;
      return [name, conditions.length === 0 ? parameter : { ...parameter, when }];
    }),
  );
}
