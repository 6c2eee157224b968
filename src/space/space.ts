import type { Parameters } from "./parameter.ts";

/** A checked set of parameters with the order in which their conditions can be decided. */
export interface Space {
  /** As declared. */
  readonly parameters: Parameters;
  /** Every name once: parents before children, otherwise as declared. */
  readonly order: readonly string[];
}

/**
 * Orders the parameters so that conditions can be decided one after the other.
 *
 * @param parameters checked by `checkSpec`: no condition leads back to itself. A child of a missing parent is never active.
 */
export function createSpace(parameters: Parameters): Space {
  const order = new Set<string>();
  const started = new Set<string>();
  for (const declared of Object.keys(parameters)) {
    const path = [declared];
    for (let name = path.at(-1); name !== undefined; name = path.at(-1)) {
      started.add(name);
      const parent = parentsOf(parameters, name).find((each) => !order.has(each) && !started.has(each));
      if (parent === undefined) {
        order.add(name);
        path.pop();
      } else {
        path.push(parent);
      }
    }
  }
  return { parameters, order: [...order] };
}

function parentsOf(parameters: Parameters, name: string): readonly string[] {
  return Object.keys(parameters[name]?.when ?? {}).filter((parent) => Object.hasOwn(parameters, parent));
}
