"""A line through noisy points, fitted by gradient descent. Put your own training in its place."""

import json
import math

import hpo

points = [(x / 8 - 1, 3 * (x / 8 - 1) + 1 + math.sin(x * 7) / 5) for x in range(16)]

# What it trains with when no study runs it: "python3 train.py" works by itself, once hpo is on the path.
trial = hpo.trial({"lr": 0.1, "momentum": 0.9}, budget=9)
params = trial.params

with trial.checkpoint.load() as directory:  # what an earlier run of this trial saved; None at its first
    state = json.loads((directory / "model.json").read_text()) if directory else [0.0, 0.0, 0.0, 0.0]

for epoch in trial.steps():
    slope, offset, slope_speed, offset_speed = state
    for x, y in points:
        error = slope * x + offset - y
        slope_speed = params.momentum * slope_speed - params.lr * error * x
        offset_speed = params.momentum * offset_speed - params.lr * error
        slope, offset = slope + slope_speed, offset + offset_speed
    state = [slope, offset, slope_speed, offset_speed]
    with trial.checkpoint.save(epoch) as directory:
        (directory / "model.json").write_text(json.dumps(state))
    trial.report(epoch, loss=sum((slope * x + offset - y) ** 2 for x, y in points) / len(points))
