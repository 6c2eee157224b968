import { fileURLToPath } from "node:url";

/** The path of a program of bench/. */
export function benchFile(name: string): string {
  return fileURLToPath(new URL(`../../bench/${name}`, import.meta.url));
}

/** A module of bench/, which is JavaScript: the caller says what it exports. */
export async function importBench<T>(name: string): Promise<T> {
  return (await import(benchFile(name))) as T;
}
