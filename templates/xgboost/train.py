"""Boosted trees on points in a plane. Put your own data in its place."""

import hpo
import numpy as np
import xgboost

# What it trains with when no study runs it.
trial = hpo.trial({"eta": 0.3, "max_depth": 6, "subsample": 1.0}, budget=27)

random = np.random.default_rng(0)
x = random.normal(size=(2000, 8))
y = (x[:, 0] * x[:, 1] + x[:, 2] + random.normal(scale=0.5, size=2000) > 0).astype(int)
train, valid = xgboost.DMatrix(x[:1500], y[:1500]), xgboost.DMatrix(x[1500:], y[1500:])

with trial.checkpoint.load() as directory:  # what an earlier run of this trial saved; None at its first
    xgboost.train(
        {"objective": "binary:logistic", "nthread": 1, "seed": trial.seed % 2**31, **trial.params},
        train,
        num_boost_round=trial.budget - trial.start_step + 1,
        evals=[(valid, "valid")],
        verbose_eval=False,
        xgb_model=directory and directory / "model.ubj",
        callbacks=[hpo.xgboost_callback(save="model.ubj")],
    )
