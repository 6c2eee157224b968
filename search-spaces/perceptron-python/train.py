#!/usr/bin/env python3
"""A small perceptron for two interleaved half-moons, in Python's standard library alone: an objective that is a command.

    python3 train.py --hidden 8 --learning-rate 0.1 --epochs 27

It prints one line of JSON after every epoch, {"step": 3, "loss": 0.41, "accuracy": 0.83}: the mean cross-entropy (in
nats) and the accuracy on held-out points. Where HPO_CHECKPOINT names a folder it saves its state there as
<epoch>/state.json, and says {"checkpoint": <epoch>} once the file is whole; with --start 10 it goes on from 9/state.json.
The same arguments give the same numbers, digit for digit, in one run or in several.
"""

import argparse
import json
import math
import os
import random

TRAINING, VALIDATION = 200, 400  # points
NOISE = 0.25  # standard deviation of the points around their moon, whose radius is 1
DATA_SEED = "half-moons"  # the points belong to the problem: the same for every trial

ACTIVATIONS = {  # name: (function, its derivative as a function of the function's value)
    "tanh": (math.tanh, lambda value: 1 - value * value),
    "relu": (lambda x: max(0.0, x), lambda value: 1.0 if value > 0 else 0.0),
}


def half_moons(count, rng):
    """Points (x, y, class): class 0 on the upper half circle, class 1 on the lower one, shifted into it."""
    points = []
    for i in range(count):
        angle, lower = math.pi * rng.random(), i % 2
        x, y = (1 - math.cos(angle), 0.5 - math.sin(angle)) if lower else (math.cos(angle), math.sin(angle))
        points.append((x + rng.gauss(0, NOISE), y + rng.gauss(0, NOISE), lower))
    return points


def initial_state(hidden, seed):
    """Per hidden unit [from x, from y, bias, to the output], and the output's bias; every weight with its velocity."""
    rng = random.Random(f"weights {seed}")
    units = [[rng.gauss(0, 1), rng.gauss(0, 1), 0.0, rng.gauss(0, 1 / math.sqrt(hidden))] for _ in range(hidden)]
    return {"units": units, "bias": 0.0, "velocities": [[0.0] * 4 for _ in units], "bias_velocity": 0.0}


def probability(state, function, x, y):
    """Of class 1; and the values of the hidden units."""
    values = [function(unit[0] * x + unit[1] * y + unit[2]) for unit in state["units"]]
    logit = state["bias"] + sum(unit[3] * value for unit, value in zip(state["units"], values))
    # Far out a float cannot tell the probability from 0 or 1, and its logarithm would not be finite.
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit)))), values


def train_epoch(state, points, args, epoch):
    """One pass in the epoch's own order, a step of gradient descent with momentum after every point."""
    function, derivative = ACTIVATIONS[args.activation]
    order = list(range(len(points)))
    random.Random(f"order {args.seed} {epoch}").shuffle(order)
    rate, momentum, l2 = args.learning_rate, args.momentum, args.l2
    for index in order:
        x, y, target = points[index]
        predicted, values = probability(state, function, x, y)
        error = predicted - target
        state["bias_velocity"] = momentum * state["bias_velocity"] - rate * error
        state["bias"] += state["bias_velocity"]
        for unit, velocity, value in zip(state["units"], state["velocities"], values):
            back = error * unit[3] * derivative(value)
            gradient = (back * x + l2 * unit[0], back * y + l2 * unit[1], back, error * value + l2 * unit[3])
            for i in range(4):
                velocity[i] = momentum * velocity[i] - rate * gradient[i]
                unit[i] += velocity[i]


def evaluate(state, points, activation):
    loss = correct = 0
    for x, y, target in points:
        predicted, _ = probability(state, ACTIVATIONS[activation][0], x, y)
        loss -= math.log(predicted if target else 1 - predicted)
        correct += (predicted > 0.5) == (target == 1)
    return {"loss": loss / len(points), "accuracy": correct / len(points)}


def say(message):
    print(json.dumps(message), flush=True)  # flushed: through a pipe Python would hold lines back


def save(folder, epoch, state):
    directory = os.path.join(folder, str(epoch))
    os.makedirs(directory, exist_ok=True)
    with open(os.path.join(directory, "state.json"), "w", encoding="utf-8") as file:
        json.dump(state, file)
    say({"checkpoint": epoch})


def load(folder, epoch):
    with open(os.path.join(folder, str(epoch), "state.json"), encoding="utf-8") as file:
        return json.load(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hidden", type=int, required=True, help="hidden units")
    parser.add_argument("--learning-rate", type=float, required=True)
    parser.add_argument("--activation", choices=sorted(ACTIVATIONS), default="tanh")
    parser.add_argument("--momentum", type=float, default=0.0)
    parser.add_argument("--l2", type=float, default=0.0, help="penalty on the weights")
    parser.add_argument("--epochs", type=int, required=True, help="the last epoch")
    parser.add_argument("--start", type=int, default=1, help="the first epoch; above 1 from the checkpoint before it")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    checkpoints = os.environ.get("HPO_CHECKPOINT")

    rng = random.Random(DATA_SEED)
    training, validation = half_moons(TRAINING, rng), half_moons(VALIDATION, rng)
    state = load(checkpoints, args.start - 1) if args.start > 1 else initial_state(args.hidden, args.seed)
    for epoch in range(args.start, args.epochs + 1):
        train_epoch(state, training, args, epoch)
        if checkpoints:
            save(checkpoints, epoch, state)
        say({"step": epoch, **evaluate(state, validation, args.activation)})


if __name__ == "__main__":
    main()
