"""What one suggestion of Optuna costs after n trials, on the spaces and with the columns of suggest-latency.mjs.

    pip install optuna==5.0.0 torch scipy
    python bench/optuna_latency.py --samplers tpe,gp --n 100,500 > optuna.jsonl
"""

import argparse
import json
import math
import os
import random
import resource
import subprocess
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
MOST = {"gp": 1000}
MIN_ASKS = 5
TARGET = {"lr": 3e-3, "decay": 1e-4, "layers": 3, "units": 200, "warmup": 30, "optimizer": "adam", "activation": "gelu"}


def spaces():
    from optuna.distributions import CategoricalDistribution as Choice
    from optuna.distributions import FloatDistribution as Float
    from optuna.distributions import IntDistribution as Int

    return {
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


def loss(space, params):
    total = 0.0
    for name, distribution in space.items():
        target, value = TARGET.get(name, 0.3), params[name]
        if hasattr(distribution, "choices"):
            total += 0 if value == target else 0.5
            continue
        scale = math.log if distribution.log else float
        total += ((scale(value) - scale(target)) / (scale(distribution.high) - scale(distribution.low))) ** 2
    return total


def draw(distribution, rng):
    if hasattr(distribution, "choices"):
        return rng.choice(distribution.choices)
    if hasattr(distribution, "step") and distribution.step == 1:
        return rng.randint(distribution.low, distribution.high)
    if distribution.log:
        return math.exp(rng.uniform(math.log(distribution.low), math.log(distribution.high)))
    return rng.uniform(distribution.low, distribution.high)


def megabytes():
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def measure(name, sampler, n, asks, seconds):
    import numpy as np
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    space = spaces()[name]
    samplers = optuna.samplers
    made = {"random": samplers.RandomSampler, "tpe": samplers.TPESampler, "gp": samplers.GPSampler}[sampler](seed=1)
    study = optuna.create_study(sampler=made)
    rng = random.Random(1)
    for _ in range(n):
        params = {key: draw(distribution, rng) for key, distribution in space.items()}
        study.add_trial(optuna.trial.create_trial(params=params, distributions=space, value=loss(space, params)))
    told, cpu, wall = megabytes(), [], []
    while len(cpu) <= asks and (len(cpu) <= MIN_ASKS or sum(wall) < 1000 * seconds):
        start, before = time.perf_counter(), time.process_time()
        trial = study.ask(fixed_distributions=space)
        cpu.append(1000 * (time.process_time() - before))
        wall.append(1000 * (time.perf_counter() - start))
        study.tell(trial, loss(space, trial.params))
    first, *later = cpu  # the first one loads torch
    # As simple-statistics defines it.
    at = lambda values, share: float(np.quantile(values, share, method="averaged_inverted_cdf"))
    values = {"cpu_ms": at(later, 0.5), "cpu_p90_ms": at(later, 0.9), "cpu_worst_ms": max(later), "cpu_first_ms": first}
    values |= {"wall_ms": at(wall[1:], 0.5), "rss_told_mb": told, "rss_peak_mb": megabytes()}
    row = {"engine": "optuna", "space": name, "sampler": sampler, "n": n, "asks": len(later)}
    return row | {key: float(f"{value:.4g}") for key, value in values.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--samplers", default="tpe,gp")
    parser.add_argument("--spaces", default="float10,mixed10")
    parser.add_argument("--n", default="50,100,200,500,1000,2000,5000,10000")
    parser.add_argument("--asks", type=int, default=21)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--case", action="store_true", help="the one case here, not in a process of its own")
    options = parser.parse_args()
    if options.case:
        row = measure(options.spaces, options.samplers, int(options.n), options.asks, options.seconds)
        print(json.dumps(row), flush=True)
        sys.exit()
    limits = ["--asks", str(options.asks), "--seconds", str(options.seconds), "--case"]
    for sampler in options.samplers.split(","):
        for space in options.spaces.split(","):
            for n in options.n.split(","):
                if int(n) <= MOST.get(sampler, math.inf):
                    case = ["--samplers", sampler, "--spaces", space, "--n", n]
                    subprocess.run([sys.executable, __file__, *case, *limits], check=True)
