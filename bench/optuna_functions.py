"""Optuna's samplers on the test functions of functions.mjs; the columns are those of sample-efficiency.mjs.

    pip install optuna==5.0.0 torch scipy
    python bench/optuna_functions.py --functions ackley-10,rosenbrock-5 --samplers gp --seeds 10 --out functions.jsonl
"""

import argparse
import json
import math
import os
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
import numpy as np
import optuna

HARTMANN_A = np.array([[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]])
HARTMANN_P = 1e-4 * np.array(
    [
        [1312, 1696, 5569, 124, 8283, 5886],
        [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650],
        [4047, 8828, 8732, 5743, 1091, 381],
    ]
)


def branin(x):
    valley = x[1] - 5.1 / (4 * math.pi**2) * x[0] ** 2 + 5 / math.pi * x[0] - 6
    return valley**2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x[0]) + 10


def hartmann6(x):
    return -np.array([1, 1.2, 3, 3.2]) @ np.exp(-(HARTMANN_A * (x - HARTMANN_P) ** 2).sum(axis=1))


def ackley(x):
    waves = np.cos(2 * math.pi * x).mean()
    return 20 - 20 * math.exp(-0.2 * math.sqrt((x**2).mean())) + math.e - math.exp(waves)


def rosenbrock(x):
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def define(word):
    """The function, its optimum and its box."""
    name, _, dimension = word.partition("-")
    d = int(dimension or 0)
    return {
        "branin": lambda: (branin, 0.39788735772973816, [-5, 0], [10, 15]),
        "hartmann6": lambda: (hartmann6, -3.322368011415512, [0] * 6, [1] * 6),
        "ackley": lambda: (ackley, 0, [-30] * d, [34] * d),
        "rosenbrock": lambda: (rosenbrock, 0, [-3] * d, [4] * d),
    }[name]()


SAMPLERS = {
    "random": lambda seed: optuna.samplers.RandomSampler(seed=seed),
    "tpe": lambda seed: optuna.samplers.TPESampler(seed=seed),
    # Told that the function has no noise; gp-default has to find that out.
    "gp": lambda seed: optuna.samplers.GPSampler(seed=seed, deterministic_objective=True),
    "gp-default": lambda seed: optuna.samplers.GPSampler(seed=seed),
}


def run(word, name, seed, trials):
    f, optimum, low, high = define(word)
    points = np.random.default_rng(0).uniform(low, high, (1000, len(low)))
    typical = float(np.median([f(x) for x in points]))
    study = optuna.create_study(sampler=SAMPLERS[name](seed))
    start, cpu, best = time.perf_counter(), time.process_time(), math.inf
    for number in range(trials):
        trial = study.ask()
        value = float(f(np.array([trial.suggest_float(f"x{i}", a, b) for i, (a, b) in enumerate(zip(low, high))])))
        study.tell(trial, value)
        best = min(best, value)
        row = {"problem": word, "method": name, "seed": seed, "trial": number, "state": "COMPLETE", "value": value}
        row |= {"step": None, "best": best, "inc_final": best, "nregret": (best - optimum) / (typical - optimum)}
        row |= {"wall_s": round(time.perf_counter() - start, 4), "resource_used": number + 1, "sim_s": number + 1}
        yield row | {"cpu_s": round(time.process_time() - cpu, 4)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--functions", required=True)
    parser.add_argument("--samplers", default="tpe,gp")
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=10, help="seeds 0 to this, exclusive")
    parser.add_argument("--out", help="appends; stdout without it")
    options = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    out = sys.stdout if options.out is None else open(options.out, "a")
    for seed in range(options.seeds):
        for word in options.functions.split(","):
            for name in options.samplers.split(","):
                lines = [json.dumps(row) for row in run(word, name, seed, options.trials)]
                print("\n".join(lines), file=out, flush=True)
