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
  /** The group of its value in the branch that is looked at, or one of the two below. */
  group: number;
}

const INACTIVE = -1;
const UNDECIDED = -2;

/** A child of a missing parent is never active. */
const MISSING: Node = { count: 1, conditions: [], groups: [], groupOf: new Map(), group: INACTIVE };

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
    nodes.set(name, { count, conditions, ...groupValues(parameter, count, lists.get(name) ?? []), group: UNDECIDED });
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
 * The configurations of one part: the sum over the branches of those parents that a child still asks for. All factors are
 * at least 1, so that a sum above 2⁵³ anywhere is one of the whole.
 */
function countPart(part: readonly Node[], branches: { left: number }): number {
  const count = (rest: readonly Node[]): number => {
    let product = 1;
    for (const [index, node] of rest.entries()) {
      const later = rest.slice(index + 1);
      if (!isAskedFor(node, later)) product *= node.count;
      else {
        let sum = 0;
        for (const [group, multiplicity] of node.groups.entries()) {
          if (branches.left-- === 0) return Infinity;
          node.group = group;
          sum += multiplicity * count(later.filter(isOpen));
          if (product * sum > Number.MAX_SAFE_INTEGER) return Infinity;
        }
        return product * sum;
      }
      if (product > Number.MAX_SAFE_INTEGER) return Infinity;
    }
    return product;
  };
  return count(part.filter(isOpen));
}

function isAskedFor(node: Node, later: readonly Node[]): boolean {
  return node.groups.length > 0 && later.some(({ conditions }) => conditions.some(({ parent }) => parent === node));
}

/** Whether a node may yet be active: asked in order, so that its parents have been asked before. */
function isOpen(node: Node): boolean {
  node.group = UNDECIDED;
  for (const { parent, allowed } of node.conditions)
    if (parent.group !== UNDECIDED && allowed[parent.group] !== true) node.group = INACTIVE;
  return node.group === UNDECIDED;
}
