"""Writes gp-core.json: what scikit-learn's Gaussian process gives for fixed hyperparameters.

    pip install scikit-learn==1.9.1 && python gp_core.py

A feature that only matches or does not is given to scikit-learn as one column for each of its values, 1 in the column of its
value: two different values are then √2 apart, so that the weight w becomes the length scale √(2 / w) of each of the columns.
"""

import json
from pathlib import Path

import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern

VALUES = 3


def columns(points, numeric):
    parts = [points[:, :numeric]]
    parts += [np.eye(VALUES)[points[:, f].astype(int)] for f in range(numeric, points.shape[1])]
    return np.hstack(parts)


def case(rng, count, numeric, mismatch, amplitude, diagonal):
    features = numeric + mismatch

    def draw(n):
        return np.hstack([rng.random((n, numeric)), rng.integers(0, VALUES, (n, mismatch)).astype(float)])

    points, candidates = draw(count), draw(7)
    y = rng.standard_normal(count)
    weights = np.exp(rng.uniform(-2, 2, features))
    of_columns = [f if f < numeric else numeric + (f - numeric) // VALUES for f in range(numeric + VALUES * mismatch)]
    squares = np.where(np.arange(len(of_columns)) < numeric, 1, 2)
    scales = np.sqrt(squares / weights[of_columns])
    kernel = ConstantKernel(amplitude) * Matern(length_scale=scales, nu=2.5)
    model = GaussianProcessRegressor(kernel, alpha=diagonal, optimizer=None).fit(columns(points, numeric), y)
    likelihood, gradient = model.log_marginal_likelihood(model.kernel_.theta, eval_gradient=True)
    mean, deviation = model.predict(columns(candidates, numeric), return_std=True)
    # d/d log w = −½ d/d log(length scale), for all the columns of a feature together.
    by_weight = np.zeros(features)
    np.add.at(by_weight, of_columns, -0.5 * gradient[1:])
    k = model.kernel_(columns(points, numeric)) + diagonal * np.eye(count)
    return {
        "count": count,
        "numeric": numeric,
        "mismatch": mismatch,
        "amplitude": amplitude,
        "diagonal": diagonal,
        "weights": weights.tolist(),
        "points": points.ravel().tolist(),
        "y": y.tolist(),
        "candidates": candidates.ravel().tolist(),
        "logLikelihood": likelihood,
        "byLogWeights": by_weight.tolist(),
        "byLogAmplitude": gradient[0],
        "mean": mean.tolist(),
        "variance": (deviation**2).tolist(),
        "inverseDiagonal": np.diag(np.linalg.inv(k)).tolist(),
    }


rng = np.random.default_rng(1)
cases = [case(rng, 12, 3, 0, 1.7, 0.01), case(rng, 25, 2, 2, 0.6, 0.1), case(rng, 9, 0, 3, 2.5, 0.3)]
text = ",\n".join(map(json.dumps, cases))
Path(__file__).with_name("gp-core.json").write_text(f"[{text}]\n")
