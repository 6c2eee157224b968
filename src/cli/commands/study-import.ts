import { dirname, parse, resolve } from "node:path";
import { HpoError } from "../../errors.ts";
import type { ImportedStudy } from "../../exchange/imported-study.ts";
import { readSpec } from "../../space/read-spec.ts";
import type { StudySpec } from "../../space/spec.ts";
import { count } from "../../views/words.ts";
import { type Command, defineCommand } from "../command.ts";
import { DIRECTORY } from "../common-options.ts";
import { EXIT } from "../exit-codes.ts";
import type { Output } from "../output.ts";

export const command: Command = defineCommand({
  describe: "Make a study from one of another tool, to look at, simulate or go on with",
  positionals: {
    from: { describe: "optuna or csv" },
    file: { describe: "Optuna: a journal's file or sqlite:///FILE.db; csv: a table, or a folder of Ray Tune" },
  },
  options: {
    ...DIRECTORY,
    study: { type: "text", describe: "Which study, where the storage has several" },
    map: { type: "text", describe: "csv: a JSON file that says what the columns mean" },
    name: { type: "text", describe: "The new study's name, instead of the one it has" },
    spec: { type: "text", describe: "A space.json to go on with: objective, space, strategy, stop rules" },
  },
  async run({ from, file, directory, study, map, name, spec }, output) {
    const given = spec === undefined ? undefined : { spec: readSpec(spec), folder: dirname(resolve(spec)) };
    const { imported, remarks } = await read(from, file, { study, map, spec: given?.spec });
    const { importStudy } = await import("../../exchange/import-study.ts");
    const as = name ?? given?.spec.name ?? imported.name;
    const folder = await importStudy(imported, { directory, name: as, ...(given === undefined ? {} : { given }) });
    for (const line of summary(imported, as, folder)) output.out(line);
    tellLeftOut(imported, remarks, output);
    return EXIT.done;
  },
});

interface Wishes {
  readonly study: string | undefined;
  readonly map: string | undefined;
  readonly spec: StudySpec | undefined;
}

interface Read {
  readonly imported: ImportedStudy;
  readonly remarks: readonly string[];
}

async function read(from: string, file: string, { study, map, spec }: Wishes): Promise<Read> {
  if (from === "csv") return { imported: await readTableStudy(file, map, spec), remarks: [] };
  if (from !== "optuna")
    throw new HpoError(
      "invalid-argument",
      `expected "optuna" or "csv" before the file, received ${JSON.stringify(from)}`,
    );
  const { chooseStudy, readOptunaStorage } = await import("../../exchange/read-optuna.ts");
  const { fromOptuna } = await import("../../exchange/from-optuna.ts");
  const { studies, remarks } = await readOptunaStorage(file);
  return { imported: fromOptuna(chooseStudy(studies, study), spec), remarks };
}

async function readTableStudy(
  file: string,
  map: string | undefined,
  spec: StudySpec | undefined,
): Promise<ImportedStudy> {
  const { readTable } = await import("../../exchange/table.ts");
  const { readMapping, suggestMapping } = await import("../../exchange/table-mapping.ts");
  const { fromTable } = await import("../../exchange/from-table.ts");
  const table = readTable(file);
  if (map === undefined)
    throw new HpoError(
      "invalid-argument",
      `--map: expected a file that says what the columns mean. The header suggests this one; save it, correct it and give it with --map:\n${JSON.stringify(suggestMapping(table), null, 2)}`,
    );
  return fromTable(table, readMapping(map, table), parse(file).name, spec);
}

const ENDS = [
  ["completed", "complete"],
  ["pruned", "pruned"],
  ["failed", "failed"],
  ["open", "to start again"],
  ["queued", "enqueued"],
] as const;

function summary({ tool, trials }: ImportedStudy, name: string, folder: string): readonly string[] {
  const parts = ENDS.flatMap(([kind, word]) => {
    const number = trials.filter(({ end }) => end.kind === kind).length;
    return number === 0 ? [] : [`${number} ${word}`];
  });
  return [`${name}: ${count(trials.length, "trial")} from ${tool} (${parts.join(", ")}) in ${folder}`];
}

/** Trials that are named at most; the others are counted. */
const NAMED = 10;

function tellLeftOut({ leftOut }: ImportedStudy, remarks: readonly string[], output: Output): void {
  for (const remark of remarks) output.err(`note: ${remark}`);
  if (leftOut.length === 0) return;
  output.err(`left out: ${count(leftOut.length, "trial")}, which hpo cannot hold`);
  for (const line of leftOut.slice(0, NAMED)) output.err(`  ${line}`);
  if (leftOut.length > NAMED) output.err(`  and ${leftOut.length - NAMED} more`);
}
