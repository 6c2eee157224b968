import { isValidValue } from "./decode.ts";
import { createGrid } from "./grid.ts";
import { intValues } from "./int-values.ts";
import type { Parameter, ParameterValue } from "./parameter.ts";
import type { Space } from "./space.ts";

/** Branches that are looked at before a space counts as too large to count. */
const MOST_BRANCHES = 100_000;

/**
 * How many different configurations a space has: the product of its parameters' values, where a parent's value decides
 * which children count. Parameters that no condition joins are counted apart.
 *
 * @returns at least 1; Infinity with a continuous parameter, above 2⁵³, and where conditions are too many to count
 */
export function cardinality(space: Space): number {
  const nodes = createNodes(space);
  // What is always active multiplies whatever the conditions say: most spaces are too large already by that.
  let least = 1;
  for (const { conditions, count } of nodes) if (conditions.length === 0) least *= count;
  if (least > Number.MAX_SAFE_INTEGER) return Infinity;

  const branches = { left: MOST_BRANCHES };
  let total = 1;
  for (const part of partsOf(nodes)) {
    total *= countPart(part, branches);
    if (total > Number.MAX_SAFE_INTEGER) return Infinity;
  }
  return total;
}

/** The values of one parameter; Infinity when it is continuous. */
export function valueCount(parameter: Parameter): number {
  switch (parameter.type) {
    case "float":
      if (parameter.low === parameter.high) return 1;
      return parameter.step === undefined
        ? Infinity
        : createGrid(parameter.low, parameter.high, parameter.step).last + 1;
    case "int":
      return intValues(parameter).last + 1;
    case "ordinal":
      return parameter.values.length;
    case "categorical":
      return parameter.choices.length;
  }
}

/** A parameter, as the count needs it. */
interface Node {
  readonly count: number;
  /** All must hold: the parent is active, and its value in a group that is allowed. */
  readonly conditions: readonly { readonly parent: Node; readonly allowed: readonly boolean[] }[];
  /** Of a parent: how many values each group has. No condition tells the values of a group apart. */
  readonly groups: readonly number[];
  readonly groupOf: ReadonlyMap<ParameterValue, number>;
  /** The group of its value in the branch that is looked at; −1 while it is inactive. */
  group: number;
}

/** A child of a missing parent is never active. */
const MISSING: Node = { count: 1, conditions: [], groups: [], groupOf: new Map(), group: -1 };

/** In the order of the space: parents first. */
function createNodes(space: Space): readonly Node[] {
  const lists = new Map<string, (readonly ParameterValue[])[]>();
  for (const { when } of Object.values(space.parameters))
    for (const [parent, values] of Object.entries(when ?? {}))
      lists.set(parent, [...(lists.get(parent) ?? []), values]);

  const nodes = new Map<string, Node>();
  for (const name of space.order) {
    const parameter = space.parameters[name] as Parameter;
    const conditions = Object.entries(parameter.when ?? {}).map(([parentName, values]) => {
      const parent = nodes.get(parentName) ?? MISSING;
      const named = new Set(values.map((value) => parent.groupOf.get(value)));
      return { parent, allowed: parent.groups.map((_, group) => named.has(group)) };
    });
    const count = valueCount(parameter);
    nodes.set(name, { count, conditions, ...groupValues(parameter, count, lists.get(name) ?? []), group: -1 });
  }
  return [...nodes.values()];
}

/** @param lists the values that each condition allows; values that stand in the same lists make a group */
function groupValues(
  parameter: Parameter,
  count: number,
  lists: readonly (readonly ParameterValue[])[],
): Pick<Node, "groups" | "groupOf"> {
  const standsIn = new Map<ParameterValue, string>();
  for (const [index, list] of lists.entries())
    for (const value of list)
      if (standsIn.has(value) || isValidValue(parameter, value))
        standsIn.set(value, `${standsIn.get(value) ?? ""} ${index}`);

  const numbers = new Map<string, number>();
  const groups: number[] = [];
  const groupOf = new Map<ParameterValue, number>();
  for (const [value, key] of standsIn) {
    const number = numbers.get(key) ?? groups.push(0) - 1;
    numbers.set(key, number);
    groups[number] = (groups[number] as number) + 1;
    groupOf.set(value, number);
  }
  const rest = count - standsIn.size;
  return { groups: lists.length > 0 && rest > 0 ? [...groups, rest] : groups, groupOf };
}

/** The nodes in parts that share no condition. */
function partsOf(nodes: readonly Node[]): Iterable<readonly Node[]> {
  const partOf = new Map<Node, Node[]>();
  for (const node of nodes) {
    let part = [node];
    for (const { parent } of node.conditions) {
      const other = partOf.get(parent) ?? [];
      if (other !== part) part = [...other, ...part];
      for (const each of part) partOf.set(each, part);
    }
    partOf.set(node, part);
  }
  return new Set(partOf.values());
}

/**
 * The configurations of one part: the sum over the branches of its parents. All factors are at least 1, so that any sum
 * above 2⁵³ is one of the whole.
 */
function countPart(part: readonly Node[], branches: { left: number }): number {
  const parents = part.filter(({ groups }) => groups.length > 0);
  const children = parents.map((): Node[] => []);
  let always = 1;
  for (const node of part) {
    if (node.groups.length > 0) continue;
    // A child counts as soon as its last parent has a value.
    const last = Math.max(-1, ...node.conditions.map(({ parent }) => parents.indexOf(parent)));
    if (node.conditions.length === 0) always *= node.count;
    else if (last !== -1 && node.count > 1) children[last]?.push(node);
  }

  const walk = (index: number): number => {
    const node = parents[index];
    if (node === undefined) return 1;
    node.group = -1;
    if (!isOpen(node)) return walk(index + 1);
    let sum = 0;
    for (const [group, multiplicity] of node.groups.entries()) {
      if (branches.left-- === 0) return Infinity;
      node.group = group;
      let product = multiplicity;
      for (const child of children[index] as readonly Node[]) if (isOpen(child)) product *= child.count;
      sum += product * walk(index + 1);
      if (sum > Number.MAX_SAFE_INTEGER) return Infinity;
    }
    return sum;
  };
  return always * walk(0);
}

function isOpen({ conditions }: Node): boolean {
  for (const { parent, allowed } of conditions) if (allowed[parent.group] !== true) return false;
  return true;
}
