import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { HpoError } from "../errors.ts";

/** A space and an objective that run at once, written into a folder. */

const FOLDER = fileURLToPath(new URL("../../templates/", import.meta.url));

interface Template {
  readonly describe: string;
  /** What has to be installed beside hpo, and how. */
  readonly needs?: string;
  readonly python?: true;
}

export const TEMPLATES: Readonly<Record<string, Template>> = {
  javascript: { describe: "a JavaScript module" },
  typescript: { describe: "a TypeScript module" },
  tfjs: {
    describe: "TensorFlow.js",
    needs:
      "npm install @tensorflow/tfjs-core @tensorflow/tfjs-layers @tensorflow/tfjs-backend-cpu @tensorflow/tfjs-backend-wasm",
  },
  python: { describe: "a Python script", python: true },
  sklearn: { describe: "scikit-learn", needs: "pip install scikit-learn", python: true },
  xgboost: { describe: "XGBoost", needs: "pip install xgboost numpy", python: true },
  pytorch: { describe: "PyTorch", needs: "pip install torch", python: true },
  keras: { describe: "Keras", needs: "pip install keras, and one of jax, torch and tensorflow", python: true },
  command: { describe: "any other program" },
};

export interface InitOptions {
  readonly template: string;
  /** Where the files go. */
  readonly folder: string;
  /** Write over files that are there. */
  readonly force: boolean;
}

export interface Initialized {
  /** The study's name. */
  readonly name: string;
  readonly files: readonly string[];
  readonly needs: string | undefined;
}

/** @throws HpoError "invalid-argument" when a file is there already, or cannot be written: then none is */
export function initProject({ template, folder, force }: InitOptions): Initialized {
  const source = join(FOLDER, template);
  const files = readdirSync(source).sort();
  const there = files.filter((file) => existsSync(join(folder, file)));
  if (there.length > 0 && !force)
    throw new HpoError(
      "invalid-argument",
      `expected a folder without ${there.join(" and ")}, which init would write over: go to another folder, or give --force`,
    );
  const space = JSON.parse(readFileSync(join(source, "space.json"), "utf8")) as Space;
  const name = nameOf(folder);
  const { name: _, objective, ...rest } = space;
  const { python, needs } = TEMPLATES[template] as Template;
  const own = python === true ? { ...objective, command: [findPython(folder), "train.py"] } : objective;
  for (const file of files) {
    const text = file === "space.json" ? inJson({ ...schemaOf(folder), name, objective: own, ...rest }) : undefined;
    write(join(folder, file), text ?? readFileSync(join(source, file)));
  }
  return { name, files, needs };
}

interface Space {
  readonly name: string;
  readonly objective: object;
}

/** Indented, but what fits into a line stays in one. */
function inJson(space: object): string {
  const members = Object.entries(space).map(([key, value]) => {
    const inner =
      key === "parameters"
        ? `{\n${Object.entries(value as object)
            .map(([name, parameter]) => `    ${JSON.stringify(name)}: ${inLine(parameter)}`)
            .join(",\n")}\n  }`
        : inLine(value);
    return `  ${JSON.stringify(key)}: ${inner}`;
  });
  return `{\n${members.join(",\n")}\n}\n`;
}

function inLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}: ${inLine(each)}`)
    .join(", ")} }`;
}

/** The folder's name, as a study may be called. */
function nameOf(folder: string): string {
  return (
    basename(resolve(folder))
      .replaceAll(/[^A-Za-z0-9_-]+/g, "-")
      .replaceAll(/^-+|-+$/g, "") || "study"
  );
}

/** Editors complete and check the file by it. */
function schemaOf(folder: string): { readonly $schema?: string } {
  const schema = "./node_modules/hpo/space.schema.json";
  return existsSync(join(folder, schema)) ? { $schema: schema } : {};
}

/** The project's own environment, where it has one. */
function findPython(folder: string): string {
  return [".venv/bin/python", "venv/bin/python"].find((each) => existsSync(join(folder, each))) ?? "python3";
}

function write(file: string, content: string | Buffer): void {
  try {
    writeFileSync(file, content);
  } catch (cause) {
    throw new HpoError("invalid-argument", `cannot write ${file}: ${(cause as Error).message}`, { cause });
  }
}
