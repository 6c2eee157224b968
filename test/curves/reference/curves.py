"""Makes curves.json: Bayesian linear regressions by NumPy's least squares, and tails of Student's t by SciPy.

Run: python3 test/curves/reference/curves.py && npx prettier --write test/curves/reference/curves.json
Made with Python 3.11, NumPy 2.4.6 and SciPy 1.17.1.

The regression of src/curves/transition.ts is solved in another way: the prior is four more rows of a weighted least-squares
problem, whose QR factors give the posterior. Each case has passages [loss, slope, loss at the end], the best loss, the spread,
the stretch and the whole, and for each query [loss, slope] the mean, the deviation and the gain, by the prior that presumes
and by the cautious one.
"""

import json
from pathlib import Path

import numpy as np
from scipy.stats import t as student

rng = np.random.default_rng(1)

# The constants of src/curves/transition.ts.
MEAN_PRECISION, SLOPE_PRECISION, MOMENTUM, PRIOR_PASSAGES, NEAR, WORST, STEEPEST = 0.1, 4, 0.5, 3, 0.5, 5, 4
LOSS_PRECISION = {"presuming": 4, "cautious": 0.1}


def features(rows, best, spread):
    loss = np.clip((rows[:, 0] - best) / spread, -WORST, WORST)
    slope = np.clip(rows[:, 1] / spread, -STEEPEST, STEEPEST)
    return np.column_stack([np.ones(len(rows)), loss, slope])


def foretell(case, attitude):
    best, spread, stretch, whole = case["best"], case["spread"], case["stretch"], case["whole"]
    passages = np.array(case["passages"], dtype=float).reshape(-1, 3)
    queries = np.array(case["queries"], dtype=float)
    x = features(passages, best, spread)
    y = np.clip((passages[:, 2] - passages[:, 0]) / spread, -WORST, WORST)
    weights = (1 + np.clip(x[:, 1] - NEAR, 0, None)) ** -4.0
    prior = np.sqrt([MEAN_PRECISION, LOSS_PRECISION[attitude], SLOPE_PRECISION])
    design = np.vstack([np.sqrt(weights)[:, None] * x, np.diag(prior)])
    target = np.concatenate([np.sqrt(weights) * y, prior * [0, 0, MOMENTUM * stretch]])
    q, r = np.linalg.qr(design)
    beta = np.linalg.solve(r, q.T @ target)
    squares = np.sum(weights * (y - x @ beta) ** 2)
    variance = (PRIOR_PASSAGES * stretch / whole + squares) / (PRIOR_PASSAGES + weights.sum())
    asked = features(queries, best, spread)
    doubt = 1 + np.sum(np.linalg.solve(r.T, asked.T) ** 2, axis=0)
    mean = queries[:, 0] + spread * (asked @ beta)
    deviation = spread * np.sqrt(variance * doubt)
    return [[float(m), float(d), float(1 + beta[1])] for m, d in zip(mean, deviation)]


def case(count, spread, shift, far=False):
    loss = shift + spread * (rng.exponential(3 if far else 0.5, count))
    slope = -spread * rng.exponential(0.6, count)
    end = loss + 0.4 * slope + spread * rng.normal(0, 0.1, count)
    if far:
        # Beyond every limit.
        slope[::3] *= 40
        end[::4] += 30 * spread
    best = float(loss.min()) if count else shift
    queries = [[best, 0.0], [best - 0.3 * spread, -spread], [best + 0.7 * spread, 0.2 * spread]]
    queries += [[best + 9 * spread, -9 * spread], [best - 9 * spread, 9 * spread]]
    made = {
        "passages": np.column_stack([loss, slope, end]).tolist(),
        "best": best,
        "spread": spread,
        "stretch": float(np.log(1.5)),
        "whole": float(np.log(27)),
        "queries": queries,
    }
    return made | {"foretold": {attitude: foretell(made, attitude) for attitude in LOSS_PRECISION}}


cases = [case(count, spread, shift) for count in (0, 1, 2, 5, 40) for spread, shift in ((1.0, 0.0), (1e-3, 5.0))]
cases += [case(12, 1.0, 0.0, far=True), case(30, 1e6, -1e7, far=True)]
units = [-1e8, -1e4, -300, -174, -173, -60, -10, -3, -1, -0.1, 0, 0.1, 1, 3, 10, 60, 173, 174, 1e4]
tails = [[u, float(student.cdf(u, 3))] for u in units]
Path(__file__).with_name("curves.json").write_text(json.dumps({"transitions": cases, "tails": tails}))
