/** "cpu-0", "cpu-1", …: stable names of `count` CPU slots. */
export function slotNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `cpu-${index}`);
}
