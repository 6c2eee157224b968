/**
 * A clock that nobody can set: the machine's time when it was made, and since then the time that has passed. So a clock that is
 * set, or a machine that sleeps, changes no running time.
 *
 * @returns gives milliseconds since 1970, which never fall
 */
export function sessionClock(): () => number {
  const start = Date.now() - performance.now();
  return () => Math.round(start + performance.now());
}
