import type { Params } from "./parameter.ts";
import type { Space } from "./space.ts";

/**
 * Whether `name` has a value under `params`: every parent named in its `when` is itself active and holds a listed value.
 *
 * @param params needs a value only for the ancestors of `name`; one without a value makes its children inactive.
 */
export function isActive(space: Space, name: string, params: Params): boolean {
  const visited = new Set([name]);
  // A set iterates over what is added while it runs: each ancestor is looked at once, however many ways lead to it.
  for (const each of visited) {
    for (const [parent, values] of Object.entries(space.parameters[each]?.when ?? {})) {
      const value = Object.hasOwn(params, parent) ? params[parent] : undefined;
      if (value === undefined || !values.includes(value)) return false;
      visited.add(parent);
    }
  }
  return true;
}
