"""Makes cmaes.json. Run: python3 test/cmaes/reference/cmaes.py
Made with Python 3.11, NumPy, SciPy and pycma 4.5.0.

Constants are pycma's where it follows Hansen's tutorial (arXiv 1604.00772); the others, and whole generations, are computed
here from the tutorial's equations with numpy's eigendecomposition. Margins are found by solving for the probabilities that
Hamano et al. (arXiv 2205.13482) ask for.
"""

import json
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

import numpy as np
from cma.recombination_weights import RecombinationWeights
from scipy.optimize import root
from scipy.stats import norm


def constants(n, lam):
    weights = RecombinationWeights(lam)
    mueff = weights.mueff
    c1 = 2 / ((n + 1.3) ** 2 + mueff)
    cmu = min(1 - c1, 2 * (1 / 4 + mueff - 2 + 1 / mueff) / ((n + 2) ** 2 + mueff))
    weights.finalize_negative_weights(n, c1, cmu)
    csigma = (mueff + 2) / (n + mueff + 5)
    return {
        "n": n,
        "lambda": lam,
        "weights": list(map(float, weights)),
        "muEff": float(mueff),
        "c1": float(c1),
        "cMu": float(cmu),
        "cSigma": float(csigma),
        "dSigma": float(1 + 2 * max(0, np.sqrt((mueff - 1) / (n + 1)) - 1) + csigma),
        "cC": float((4 + mueff / n) / (n + 4 + 2 * mueff / n)),
        "chiN": float(np.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n**2))),
    }


def generation(state, ranked):
    """Figure 6 of the tutorial, for candidates that are given."""
    k = constants(len(state["mean"]), len(ranked))
    n, w = k["n"], np.array(k["weights"])
    c = state["c"]
    values, b = np.linalg.eigh(c)
    inverse_root = b @ np.diag(values**-0.5) @ b.T
    y = (ranked - state["mean"]) / state["sigma"]
    yw = np.sum(w[w > 0, None] * y[w > 0], axis=0)
    ps = (1 - k["cSigma"]) * state["ps"] + np.sqrt(k["cSigma"] * (2 - k["cSigma"]) * k["muEff"]) * (inverse_root @ yw)
    g = state["g"] + 1
    limit = np.sqrt(1 - (1 - k["cSigma"]) ** (2 * g)) * (1.4 + 2 / (n + 1)) * k["chiN"]
    h = float(np.linalg.norm(ps) < limit)
    pc = (1 - k["cC"]) * state["pc"] + h * np.sqrt(k["cC"] * (2 - k["cC"]) * k["muEff"]) * yw
    lengths = np.array([np.linalg.norm(inverse_root @ each) for each in y])
    wo = np.where(w >= 0, w, w * n / lengths**2)
    dh = (1 - h) * k["cC"] * (2 - k["cC"])
    c = (1 + k["c1"] * dh - k["c1"] - k["cMu"] * w.sum()) * c + k["c1"] * np.outer(pc, pc)
    c = c + k["cMu"] * sum(wi * np.outer(yi, yi) for wi, yi in zip(wo, y))
    sigma = state["sigma"] * np.exp(k["cSigma"] / k["dSigma"] * (np.linalg.norm(ps) / k["chiN"] - 1))
    return {"mean": state["mean"] + state["sigma"] * yw, "sigma": sigma, "c": c, "ps": ps, "pc": pc, "g": g, "h": h}


def run(rng, n, lam, generations, bias):
    """Candidates drawn around a mean that runs away by `bias` deviations, so that a path becomes long too."""
    mean, sigma = rng.uniform(size=n), 0.3
    state = {"mean": mean, "sigma": sigma, "c": np.eye(n), "ps": np.zeros(n), "pc": np.zeros(n), "g": 0}
    steps = []
    for _ in range(generations):
        root_c = np.linalg.cholesky(state["c"])
        z = rng.normal(size=(lam, n))
        z[: lam // 2] += bias
        ranked = state["mean"] + state["sigma"] * (z @ root_c.T)
        state = generation(state, ranked)
        steps.append(
            {
                "ranked": ranked.tolist(),
                "mean": state["mean"].tolist(),
                "sigma": float(state["sigma"]),
                "covariance": state["c"].ravel().tolist(),
                "pathSigma": state["ps"].tolist(),
                "pathC": state["pc"].tolist(),
                "stalled": state["h"] == 0,
            }
        )
    return {"mean": mean.tolist(), "sigma": sigma, "generations": steps}


def margin(mean, spread, low, high, alpha):
    """The mean and deviation with the probabilities that section 4 asks for, below `low` and above `high`."""
    least = alpha / 2
    below, above = norm.cdf((low - mean) / spread), norm.sf((high - mean) / spread)
    inside = 1 - below - above
    raised = np.maximum([below, above], least)
    rest = 1 - raised.sum() - inside
    wanted = raised + rest / (raised.sum() + inside - 3 * least) * (raised - least)

    def miss(x):
        m, log_s = x
        s = np.exp(log_s)
        return [norm.logcdf((low - m) / s) - np.log(wanted[0]), norm.logsf((high - m) / s) - np.log(wanted[1])]

    found = root(miss, [(low + high) / 2, np.log(high - low)], tol=1e-14)
    return {
        "mean": mean,
        "spread": spread,
        "low": low,
        "high": high,
        "alpha": alpha,
        "newMean": float(found.x[0]),
        "newSpread": float(np.exp(found.x[1])),
        "below": float(wanted[0]),
        "above": float(wanted[1]),
    }


rng = np.random.default_rng(1604)
reference = {
    "constants": [constants(n, lam) for n, lam in [(1, 4), (2, 6), (5, 8), (5, 16), (10, 10), (40, 15), (200, 300)]],
    "runs": [run(rng, 1, 4, 4, 0), run(rng, 2, 6, 8, 2), run(rng, 5, 8, 12, 0.5), run(rng, 10, 10, 3, 0)],
    "margins": [
        margin(0.5, 0.001, 0.4, 0.6, 0.025),
        margin(0.41, 0.03, 0.4, 0.6, 0.025),
        margin(0.59, 0.02, 0.4, 0.6, 0.1),
    ],
}
Path(__file__).with_suffix(".json").write_text(json.dumps(reference) + "\n")
