import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "csv-parse/sync";
import { HpoError, InvalidSpecError, type Issue } from "../errors.ts";
import { isRecord } from "../space/is-record.ts";
import { parsePython } from "./python-json.ts";

/** A cell: CSV knows texts only, JSON lines have numbers and booleans too. */
export type Cell = string | number | boolean | null;

export interface Row {
  /** File and line, for messages. */
  readonly place: string;
  /** The folder's name where each trial has one, as Ray Tune does it. */
  readonly folder: string | undefined;
  readonly cells: Readonly<Record<string, Cell>>;
}

export interface Table {
  /** In the order in which they first appear. */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** What Ray Tune writes in a trial's folder. The first has types, and the configuration in each line. */
const TRIAL_FILES = ["result.json", "progress.csv"];
/** The trial's configuration, which its `progress.csv` need not have. */
const CONFIG_FILE = "params.json";

/**
 * Reads a table of results: a CSV file with a header, a file of JSON lines, or a folder with a `result.json` or `progress.csv` in
 * each of its folders. Nested objects of JSON become columns such as `config/lr`.
 *
 * @throws HpoError "invalid-argument" for a file that cannot be read; InvalidSpecError with every line that is no row
 */
export function readTable(path: string): Table {
  const issues: Issue[] = [];
  const rows = filesOf(path).flatMap(({ file, folder }) => readRows(file, folder, issues));
  if (issues.length > 0) throw new InvalidSpecError(path, issues);
  if (rows.length === 0) throw new HpoError("invalid-argument", `${path}: expected rows of results, found none`);
  return { columns: [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))], rows };
}

function filesOf(path: string): readonly { readonly file: string; readonly folder: string | undefined }[] {
  try {
    if (!statSync(path).isDirectory()) return [{ file: path, folder: undefined }];
    const files = readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .toSorted()
      .flatMap((folder) => {
        const there = new Set(readdirSync(join(path, folder)));
        const name = TRIAL_FILES.find((each) => there.has(each) && statSync(join(path, folder, each)).size > 0);
        return name === undefined ? [] : [{ file: join(path, folder, name), folder }];
      });
    if (files.length > 0) return files;
  } catch (cause) {
    throw new HpoError("invalid-argument", `${path}: expected a table of results: ${(cause as Error).message}`, {
      cause,
    });
  }
  throw new HpoError(
    "invalid-argument",
    `${path}: expected folders of trials with ${TRIAL_FILES.join(" or ")}, found none; name a CSV file, or the folder above those of the trials`,
  );
}

function readRows(file: string, folder: string | undefined, issues: Issue[]): readonly Row[] {
  const text = readFileSync(file, "utf8");
  if (/\.jsonl?$/.test(file)) return jsonRows(text, file, folder, issues);
  const rows = csvRows(text, file, folder, issues);
  const config = folder === undefined ? {} : readConfig(join(dirname(file), CONFIG_FILE), issues);
  return rows.map((row) => ({ ...row, cells: { ...config, ...row.cells } }));
}

function readConfig(file: string, issues: Issue[]): Readonly<Record<string, Cell>> {
  if (!existsSync(file)) return {};
  const rows = jsonRows(readFileSync(file, "utf8").replaceAll(/\s*\n\s*/g, " "), file, undefined, issues);
  return Object.fromEntries(Object.entries(rows[0]?.cells ?? {}).map(([name, cell]) => [`config/${name}`, cell]));
}

function csvRows(text: string, file: string, folder: string | undefined, issues: Issue[]): readonly Row[] {
  try {
    const records = parse(text, {
      bom: true,
      columns: true,
      info: true,
      skip_empty_lines: true,
    }) as unknown as readonly {
      readonly record: Readonly<Record<string, string>>;
      readonly info: { readonly lines: number };
    }[];
    return records.map(({ record, info }) => ({ place: `${file}:${info.lines}`, folder, cells: record }));
  } catch (error) {
    issues.push({ path: file, expected: "CSV with a header", received: (error as Error).message });
    return [];
  }
}

function jsonRows(text: string, file: string, folder: string | undefined, issues: Issue[]): readonly Row[] {
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const place = `${file}:${index + 1}`;
    try {
      const document = parsePython(line);
      if (isRecord(document)) return [{ place, folder, cells: flatten(document, "") }];
    } catch {
      // Told below.
    }
    const received = line.length > 60 ? `${line.slice(0, 60)}…` : line;
    issues.push({ path: place, expected: "an object as a line of JSON", received });
    return [];
  });
}

function flatten(record: Readonly<Record<string, unknown>>, prefix: string): Record<string, Cell> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) =>
      isRecord(value)
        ? Object.entries(flatten(value, `${prefix}${key}/`))
        : [[`${prefix}${key}`, Array.isArray(value) ? JSON.stringify(value) : (value as Cell)] as const],
    ),
  );
}

/** A cell as a number; undefined for an empty one or a word. */
export function asNumber(cell: Cell | undefined): number | undefined {
  if (typeof cell === "number") return cell;
  if (typeof cell !== "string" || cell.trim() === "") return undefined;
  const word = /^([+-]?)(inf|infinity)$/i.exec(cell.trim());
  if (word !== null) return word[1] === "-" ? -Infinity : Infinity;
  if (/^nan$/i.test(cell.trim())) return NaN;
  const number = Number(cell);
  return Number.isNaN(number) ? undefined : number;
}
