"""A linear classifier of handwritten digits, trained epoch by epoch. Put your own data and model in its place."""

import pickle

import hpo
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import train_test_split

# What it trains with when no study runs it.
trial = hpo.trial({"alpha": 1e-4, "eta0": 0.01, "penalty": "l2"}, budget=9)

digits = load_digits()
x, x_valid, y, y_valid = train_test_split(digits.data / 16, digits.target, test_size=0.3, random_state=0)

with trial.checkpoint.load() as directory:  # what an earlier run of this trial saved; None at its first
    if directory:
        model = pickle.loads((directory / "model.pickle").read_bytes())
    else:
        model = SGDClassifier(learning_rate="adaptive", random_state=trial.seed % 2**31, **trial.params)

for epoch in trial.steps():
    model.partial_fit(x, y, classes=digits.target_names)
    with trial.checkpoint.save(epoch) as directory:
        (directory / "model.pickle").write_bytes(pickle.dumps(model))
    trial.report(epoch, accuracy=model.score(x_valid, y_valid))
