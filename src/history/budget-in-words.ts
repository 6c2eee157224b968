/** A budget with its unit, such as "9 epochs" or "1 epoch". */
export function budgetInWords(budget: number, unit: string): string {
  const rounded = Number(budget.toPrecision(6));
  return rounded === 1 && unit.endsWith("s") ? `1 ${unit.slice(0, -1)}` : `${rounded} ${unit}`;
}
