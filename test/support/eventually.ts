/** Waits until `condition` gives something other than undefined or false; fails after a bounded number of tries. */
export async function eventually<T>(
  what: string,
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  tries = 1_500,
): Promise<T> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`gave up waiting until ${what}`);
}
