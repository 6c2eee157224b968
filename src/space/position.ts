import type { Finding } from "./finding.ts";

/** Sorts findings by where they stand in the document; a missing key stands after the keys that are there. */
export function sortByPosition(document: unknown, findings: readonly Finding[]): Finding[] {
  const keyOrders = new Map<object, Map<string, number>>();
  const orderOf = (parent: object): Map<string, number> => {
    const known = keyOrders.get(parent);
    if (known !== undefined) return known;
    const order = new Map(Object.keys(parent).map((key, index) => [key, index]));
    keyOrders.set(parent, order);
    return order;
  };
  const positionOf = ({ path }: Finding): number[] => {
    let value = document;
    return path.map((key) => {
      if (typeof value !== "object" || value === null) return Infinity;
      const position = orderOf(value).get(key) ?? Infinity;
      value = position === Infinity ? undefined : (value as Record<string, unknown>)[key];
      return position;
    });
  };
  return findings
    .map((finding) => ({ finding, position: positionOf(finding) }))
    .toSorted((a, b) => comparePositions(a.position, b.position))
    .map(({ finding }) => finding);
}

function comparePositions(a: readonly number[], b: readonly number[]): number {
  for (const [depth, mine] of a.entries()) {
    const theirs = b[depth];
    if (theirs === undefined) return 1;
    if (mine !== theirs) return mine < theirs ? -1 : 1;
  }
  return a.length - b.length;
}
