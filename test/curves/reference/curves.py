"""Makes curves.json: Bayesian linear regressions by kriging and quadrature, and Student's t by SciPy.

Run: python3 test/curves/reference/curves.py && npx prettier --write test/curves/reference/curves.json
Made with Python 3.11, NumPy and SciPy.

src/curves/transition.ts solves normal equations with a conjugate prior. Here nothing of that is used. The coefficients are never
computed: samples and queries are jointly normal given the variance, with the covariance that the prior of the coefficients
gives them, and a query is conditioned on the samples. The variance is integrated numerically: its scale is the harmonic mean
over its posterior density. A sample of weight w counts as its likelihood to the power w.

Each case has samples [loss, slope, loss at the end], the best loss, the spread, the stretch and the whole, and for each query
[loss, slope] the mean, the deviation and the gain, by either prior.
"""

import json
from pathlib import Path

import numpy as np
from scipy.integrate import quad
from scipy.stats import t as student

rng = np.random.default_rng(1)

# The constants of src/curves/transition.ts.
MEAN_PRECISION, SLOPE_PRECISION, MOMENTUM, PRIOR_SAMPLES, NEAR, WORST, STEEPEST = 0.1, 4, 0.5, 3, 0.5, 5, 4
LOSS_PRECISION = {"informative": 4, "weak": 0.1}


def features(rows, best, spread):
    loss = np.clip((rows[:, 0] - best) / spread, -WORST, WORST)
    slope = np.clip(rows[:, 1] / spread, -STEEPEST, STEEPEST)
    return np.column_stack([np.ones(len(rows)), loss, slope])


def harmonic_mean(count, prior_scale, weights, distance):
    """Of the variance, by its posterior density on a logarithmic scale."""

    def log_density(log_variance):
        inverse = np.exp(-log_variance)
        prior = -count / 2 * (log_variance + prior_scale * inverse)
        return prior - weights / 2 * log_variance - distance / 2 * inverse

    grid = np.linspace(-80, 80, 160001)
    peak = grid[np.argmax([log_density(each) for each in grid])]
    top = log_density(peak)
    total = quad(lambda u: np.exp(log_density(u) - top), peak - 40, peak + 40, points=[peak], limit=500, epsabs=0, epsrel=1e-12)[0]
    inverse = quad(lambda u: np.exp(log_density(u) - top - u), peak - 40, peak + 40, points=[peak], limit=500, epsabs=0, epsrel=1e-12)[0]
    return total / inverse


def predict(case, prior):
    best, spread, stretch, whole = case["best"], case["spread"], case["stretch"], case["whole"]
    samples = np.array(case["samples"], dtype=float).reshape(-1, 3)
    queries = np.array(case["queries"], dtype=float)
    x, asked = features(samples, best, spread), features(queries, best, spread)
    expected = np.array([0, 0, MOMENTUM * stretch])
    covariance = np.diag(1 / np.array([MEAN_PRECISION, LOSS_PRECISION[prior], SLOPE_PRECISION]))
    rest = np.clip((samples[:, 2] - samples[:, 0]) / spread, -WORST, WORST) - x @ expected
    weights = (1 + np.clip(x[:, 1] - NEAR, 0, None)) ** -4.0
    among = np.diag(1 / weights) + x @ covariance @ x.T
    distance = rest @ np.linalg.solve(among, rest)
    variance = harmonic_mean(PRIOR_SAMPLES, stretch / whole, weights.sum(), distance)

    def conditioned(at):
        to = at @ covariance @ x.T
        mean = at @ expected + to @ np.linalg.solve(among, rest)
        return mean, 1 + np.einsum("ij,jk,ik->i", at, covariance, at) - np.sum(to * np.linalg.solve(among, to.T).T, axis=1)

    change, doubt = conditioned(asked)
    unit = conditioned(np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]))[0]
    mean = queries[:, 0] + spread * change
    deviation = spread * np.sqrt(variance * doubt)
    return [[float(m), float(d), float(1 + unit[0] - unit[1])] for m, d in zip(mean, deviation)]


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
        "samples": np.column_stack([loss, slope, end]).tolist(),
        "best": best,
        "spread": spread,
        "stretch": float(np.log(1.5)),
        "whole": float(np.log(27)),
        "queries": queries,
    }
    return made | {"predicted": {prior: predict(made, prior) for prior in LOSS_PRECISION}}


cases = [case(count, spread, shift) for count in (0, 1, 2, 5, 40) for spread, shift in ((1.0, 0.0), (1e-3, 5.0))]
cases += [case(12, 1.0, 0.0, far=True), case(30, 1e6, -1e7, far=True)]
units = [-1e8, -1e4, -300, -174, -173, -60, -10, -3, -1, -0.1, 0, 0.1, 1, 3, 10, 60, 173, 174, 1e4]
tails = [[u, float(student.cdf(u, 3))] for u in units]
# The improvement E[max(0, u - T)] is the integral of the distribution function up to u.
gains = [[u, quad(lambda y: student.cdf(y, 3), -np.inf, u, epsabs=0, epsrel=1e-11)[0]] for u in (-400, -180, -60, -10, -3, -1, 0, 1, 3)]
Path(__file__).with_name("curves.json").write_text(json.dumps({"transitions": cases, "tails": tails, "gains": gains}))
