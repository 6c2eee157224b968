const LEVELS = "▁▂▃▄▅▆▇█";

/** From here on a linear scale shows only the first step of a curve. */
const WIDE_RANGE = 20;

/** Values as bars of eight heights, at most `width` of them: neighbours are averaged. Wide positive ranges are logarithmic. */
export function sparkline(values: readonly number[], width: number): string {
  if (values.length === 0 || width <= 0) return "";
  const points = thin(values, width);
  const low = Math.min(...points);
  const high = Math.max(...points);
  const scale = low > 0 && high / low > WIDE_RANGE ? Math.log : (value: number): number => value;
  const range = scale(high) - scale(low);
  return points
    .map((value) => {
      const height = range > 0 ? (scale(value) - scale(low)) / range : 0;
      return LEVELS[Math.min(LEVELS.length - 1, Math.floor(height * LEVELS.length))];
    })
    .join("");
}

function thin(values: readonly number[], width: number): readonly number[] {
  if (values.length <= width) return values;
  return Array.from({ length: width }, (_, index) => {
    const group = values.slice(
      Math.floor((index * values.length) / width),
      Math.floor(((index + 1) * values.length) / width),
    );
    return group.reduce((sum, value) => sum + value, 0) / group.length;
  });
}
