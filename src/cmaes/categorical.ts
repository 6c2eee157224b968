/** The probabilities of one categorical's choices; they sum to 1. */
export type Choices = Float64Array;

export function evenly(count: number): Choices {
  return new Float64Array(count).fill(1 / count);
}

/**
 * Moves the probabilities towards what the better candidates chose, by the natural gradient of a categorical distribution:
 * q ← q + η Σ wᵢ (e_cᵢ − q), which is PBIL. Hamano et al., "CatCMA", arXiv 2405.09962, adapt η; here it is fixed. A candidate
 * without this parameter (−1) leaves its weight out.
 *
 * @param chosen the choices of the better candidates, best first
 * @param weights their weights, positive
 */
export function learnChoices(q: Choices, chosen: readonly number[], weights: Float64Array, rate: number): Choices {
  const next = Float64Array.from(q);
  for (const [k, choice] of chosen.entries()) {
    if (choice < 0) continue;
    const share = rate * (weights[k] as number);
    for (let c = 0; c < q.length; c++)
      next[c] = (next[c] as number) + share * ((c === choice ? 1 : 0) - (q[c] as number));
  }
  return next;
}

/**
 * No choice falls below q_min = (1 − 0.73^(1/N)) / (K − 1), where N is the number of categoricals and K of choices: with
 * probability 0.73 a candidate has the likeliest choice everywhere. CatCMA, sections 3.3 and 4.
 */
export function keepChoices(q: Choices, categoricals: number): Choices {
  if (q.length < 2) return q;
  const least = Math.min((1 - 0.73 ** (1 / categoricals)) / (q.length - 1), 1 / q.length);
  const raised = q.map((p) => Math.max(p, least));
  const total = raised.reduce((sum, p) => sum + p, 0);
  const free = total - least * q.length;
  return free === 0 ? raised : raised.map((p) => p + ((1 - total) / free) * (p - least));
}

/** The choice at `u` in [0, 1). */
export function choiceAt(q: Choices, u: number): number {
  let sum = 0;
  for (const [choice, p] of q.entries()) {
    sum += p;
    if (u < sum) return choice;
  }
  return q.length - 1;
}
