"""CPU time of an ask by Optuna's GPSampler on the spaces of ask-spaces.mjs, in the format of ask.mjs.

    OMP_NUM_THREADS=1 python bench/optuna_ask.py [asks=21]
"""

import json
import math
import random
import statistics
import sys
import time

import optuna
from optuna.distributions import CategoricalDistribution as Choice
from optuna.distributions import FloatDistribution as Float
from optuna.distributions import IntDistribution as Int

SPACES = {
    "float10": {f"f{i}": Float(0, 1) for i in range(10)},
    "mixed10": {
        "lr": Float(1e-5, 1e-1, log=True),
        "decay": Float(1e-6, 1e-2, log=True),
        "f0": Float(0, 1),
        "f1": Float(0, 1),
        "f2": Float(0, 1),
        "layers": Int(1, 8),
        "units": Int(16, 512),
        "warmup": Int(0, 100),
        "optimizer": Choice(["sgd", "momentum", "adam"]),
        "activation": Choice(["relu", "gelu", "tanh", "silu"]),
    },
}
TARGET = {"lr": 3e-3, "decay": 1e-4, "layers": 3, "units": 200, "warmup": 30, "optimizer": "adam", "activation": "gelu"}


def loss(space, params):
    total = 0.0
    for name, distribution in space.items():
        target, value = TARGET.get(name, 0.3), params[name]
        if isinstance(distribution, Choice):
            total += 0 if value == target else 0.5
            continue
        scale = math.log if distribution.log else float
        total += ((scale(value) - scale(target)) / (scale(distribution.high) - scale(distribution.low))) ** 2
    return total


def draw(distribution, rng):
    if isinstance(distribution, Choice):
        return rng.choice(distribution.choices)
    if isinstance(distribution, Int):
        return rng.randint(distribution.low, distribution.high)
    if distribution.log:
        return math.exp(rng.uniform(math.log(distribution.low), math.log(distribution.high)))
    return rng.uniform(distribution.low, distribution.high)


if __name__ == "__main__":
    asks = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    for name, space in SPACES.items():
        for count in (100, 200, 500):
            rng = random.Random(1)
            study = optuna.create_study(sampler=optuna.samplers.GPSampler(seed=1))
            for _ in range(count):
                params = {key: draw(distribution, rng) for key, distribution in space.items()}
                value = loss(space, params)
                study.add_trial(optuna.trial.create_trial(params=params, distributions=space, value=value))
            times = []
            for index in range(asks + 1):
                before = time.process_time()
                trial = study.ask(fixed_distributions=space)
                if index > 0:  # the first one loads torch
                    times.append(1000 * (time.process_time() - before))
                study.tell(trial, loss(space, trial.params))
            low, median, high = statistics.quantiles(times, n=4)
            row = {"space": name, "n": count, "median": f"{median:.1f}", "quartiles": [f"{low:.1f}", f"{high:.1f}"]}
            print(json.dumps(row | {"mean": f"{statistics.mean(times):.1f}", "worst": f"{max(times):.1f}"}), flush=True)
