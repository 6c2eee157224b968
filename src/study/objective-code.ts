import { createHash } from "node:crypto";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { ObjectiveSettings } from "../history/settings.ts";
import { locate } from "./resolve.ts";

/** The longest file of a command that is taken for its script, in bytes: beyond are images of containers and data sets. */
const LONGEST_SCRIPT = 16 << 20;

/** Bytes that tell a text from a binary file. */
const LOOK = 4_096;

/** Files are read in pieces of so many bytes. */
const PIECE = 1 << 20;

/** The code of an objective, as far as it is one file. */
export interface ObjectiveCode {
  /** 16 hexadecimal digits; null where no file is surely the code, or it cannot be read. */
  readonly hash: string | null;
  /** Why a file that is there could not be read, in words. */
  readonly problem?: string;
}

const NO_FILE: ObjectiveCode = { hash: null };

/** A hash of the objective's entry file, so that the journal shows when the code changed: the module, or a command's script. */
export function objectiveCode(objective: ObjectiveSettings, studyFolder: string | null): ObjectiveCode {
  switch (objective.kind) {
    case "module":
      return hashFile(locate(objective.path, studyFolder));
    case "command": {
      const folder = locate(objective.cwd, studyFolder);
      return hashScript(objective.argv.filter((word) => typeof word === "string").map((word) => resolve(folder, word)));
    }
    case "function":
    case "none":
      return NO_FILE;
  }
}

/**
 * Most words of a command name no file, or one that is not its code: an interpreter, a container's image. The first short
 * file of text is its script; without one it is the program itself, where that is a short file.
 */
function hashScript(words: readonly string[]): ObjectiveCode {
  const files = words.filter((file) => (fileStat(file)?.size ?? Infinity) <= LONGEST_SCRIPT);
  const script = files.find((file) => isText(file) !== false) ?? files.find((file) => file === words[0]);
  return script === undefined ? NO_FILE : hashFile(script);
}

/** What `stat` says of a regular file; a word that names no file is none, whatever the reason. */
function fileStat(file: string): { readonly size: number; readonly mtimeMs: number } | undefined {
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    return stat?.isFile() === true ? stat : undefined;
  } catch {
    return undefined; // the word is too long, in a loop of links, behind a closed folder, …
  }
}

/** Undefined where it cannot be read. */
function isText(file: string): boolean | undefined {
  let text = true;
  try {
    readPieces(file, LOOK, (piece) => {
      text = !piece.includes(0);
      return false;
    });
    return text;
  } catch {
    return undefined;
  }
}

const hashes = new Map<string, { readonly key: string; readonly hash: string }>();

/** Kept while the file's time and size stand still: every run asks. */
function hashFile(file: string): ObjectiveCode {
  const stat = fileStat(file);
  if (stat === undefined) return NO_FILE;
  const key = `${stat.mtimeMs} ${stat.size}`;
  const known = hashes.get(file);
  if (known?.key === key) return { hash: known.hash };
  const sum = createHash("sha256");
  try {
    readPieces(file, PIECE, (piece) => {
      sum.update(piece);
      return true;
    });
  } catch (error) {
    return { hash: null, problem: `${file} cannot be read: ${(error as Error).message}` };
  }
  const hash = sum.digest("hex").slice(0, 16);
  hashes.set(file, { key, hash });
  return { hash };
}

/** Reads a file until `take` has enough. */
function readPieces(file: string, size: number, take: (piece: Buffer) => boolean): void {
  const descriptor = openSync(file, "r");
  try {
    const buffer = Buffer.allocUnsafe(size);
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer))
      if (!take(buffer.subarray(0, read))) return;
  } finally {
    closeSync(descriptor);
  }
}
