import { normalCdf, normalQuantile } from "../numerics/normal.ts";
import { deviation, type Evolution } from "./evolution.ts";

/** The interval of a discrete coordinate that stands for one value: the first begins at −∞, the last ends at ∞. */
export interface Share {
  readonly low: number;
  readonly high: number;
}

/**
 * Keeps every discrete coordinate able to leave its value: moves the mean, or widens A, until other values have at least the
 * probability `alpha`. Without it the deviation falls below a share's width and all candidates are alike. Hamano, Saito,
 * Nomura, Shirakawa, "CMA-ES with margin", GECCO 2022, arXiv 2205.13482, section 4.
 *
 * @param alpha in (0, ½); the paper's choice is 1/(n λ)
 * @param shareAt the share that a coordinate's position lies in; undefined for a continuous coordinate
 */
export function keepMargin(
  state: Evolution,
  alpha: number,
  shareAt: (coordinate: number, position: number) => Share | undefined,
): Evolution {
  const mean = Float64Array.from(state.mean);
  const scale = Float64Array.from(state.scale);
  for (const [i, m] of state.mean.entries()) {
    const share = shareAt(i, m);
    if (share === undefined) continue;
    const { low, high } = share;
    const spread = deviation(state, i);
    if (low === -Infinity || high === Infinity) {
      // At an end there is one way out: the mean comes near enough to it.
      const most = -normalQuantile(alpha) * spread;
      mean[i] = low === -Infinity ? Math.max(m, high - most) : Math.min(m, low + most);
      continue;
    }
    const below = normalCdf((low - m) / spread);
    const above = normalCdf((m - high) / spread);
    const least = alpha / 2;
    if (below >= least && above >= least) continue;
    const inside = 1 - below - above;
    const [raisedBelow, raisedAbove] = [Math.max(below, least), Math.max(above, least)];
    const total = raisedBelow + raisedAbove + inside;
    const part = (1 - total) / (total - 3 * least);
    const out = (raised: number): number => -normalQuantile(raised + part * (raised - least));
    const [toLow, toHigh] = [out(raisedBelow), out(raisedAbove)];
    const wanted = (high - low) / (toLow + toHigh);
    scale[i] = ((scale[i] as number) * wanted) / spread;
    mean[i] = low + toLow * wanted;
  }
  return { ...state, mean, scale };
}
