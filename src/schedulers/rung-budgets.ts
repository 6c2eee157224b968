import type { BudgetSettings } from "../history/settings.ts";

/** A budget as runs are given it: whole where `min` and `max` are. */
export function inUnits({ min, max }: BudgetSettings, budget: number): number {
  return Number.isInteger(min) && Number.isInteger(max) ? Math.round(budget) : budget;
}

/** The budgets min·ηᵏ below `max`, ascending, and `max` itself as the last. */
export function rungBudgets(settings: BudgetSettings): readonly number[] {
  const { min, max, eta } = settings;
  const budgets: number[] = [];
  for (let power = 1; min * power < max * (1 - 1e-12); power *= eta) {
    const budget = inUnits(settings, min * power);
    if (budget < max) budgets.push(budget);
  }
  return [...budgets, max];
}
