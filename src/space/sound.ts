import type { Path } from "./finding.ts";
import { isRecord } from "./is-record.ts";

/** A document of which any part may be missing because it is broken; what is there has its type. */
export type Sound<T> = T extends readonly (infer E)[]
  ? readonly (Sound<E> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Sound<T[K]> | undefined }
    : T;

interface Branch {
  broken: boolean;
  readonly children: Map<string, Branch>;
}

/**
 * The document without its broken parts, so that other checks meet only values of their type.
 *
 * @param broken where the schema finds something wrong; what lies below need not have been looked at.
 * @returns undefined when the document as a whole is broken; shares every untouched part with `document`.
 */
export function soundPart<T>(document: unknown, broken: readonly Path[]): Sound<T> | undefined {
  const root: Branch = { broken: false, children: new Map() };
  for (const path of broken) {
    let branch = root;
    for (const key of path) {
      const child = branch.children.get(key) ?? { broken: false, children: new Map<string, Branch>() };
      branch.children.set(key, child);
      branch = child;
    }
    branch.broken = true;
  }
  return prune(document, root) as Sound<T> | undefined;
}

function prune(value: unknown, branch: Branch): unknown {
  if (branch.broken) return undefined;
  if (branch.children.size === 0) return value;
  const part = (key: string, child: unknown): unknown => {
    const below = branch.children.get(key);
    return below === undefined ? child : prune(child, below);
  };
  // A list keeps its holes: the places of the others stay what they are.
  if (Array.isArray(value)) return value.map((item, index) => part(String(index), item));
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([key, child]) => [key, part(key, child)]))
    : value;
}
