import { createRequire } from "node:module";

/** Where the TensorFlow.js packages come from; tests put others in its place. */
export interface Packages {
  /** Is it installed where this package, or the project around it, can see it? Says nothing about whether it loads. */
  has(name: string): boolean;
  /** Its exports. Throws whatever the package throws. */
  load(name: string): unknown;
}

/**
 * `require` and not `import`: the tfjs packages are CommonJS, so this gives their exports whole (Node finds only the
 * names it can guess when it imports such a file), and the user's own `import` of one gets the same instance.
 */
const require = createRequire(import.meta.url);

export const installedPackages: Packages = {
  has(name) {
    try {
      require.resolve(name);
      return true;
    } catch {
      return false;
    }
  },
  load: (name) => require(name) as unknown,
};
