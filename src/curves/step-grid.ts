/** Each step of the grid is about so many times the one before. */
const GROWTH = 1.5;
/** The last step before the end is at most this share of it: nothing would be learned between them. */
const LAST_SHARE = 0.85;

/**
 * Steps at which curves are compared: ascending, about evenly spaced in the logarithm, from `min` to `max`.
 *
 * @param min the shortest run, above 0
 * @param max the whole training, at least `min`
 * @returns whole numbers where `min` and `max` are; the last one is `max`
 */
export function stepGrid(min: number, max: number): readonly number[] {
  const whole = Number.isInteger(min) && Number.isInteger(max);
  const steps: number[] = [];
  for (let step = min; step < max; step = whole ? Math.max(step + 1, Math.round(step * GROWTH)) : step * GROWTH)
    steps.push(step);
  if (steps.length > 1 && (steps.at(-1) as number) > LAST_SHARE * max) steps.pop();
  return [...steps, max];
}
