"""What Optuna's samplers reach on the test functions of functions.mjs, in the format of sampler-quality.mjs.

    pip install optuna==5.0.0 torch scipy greenlet
    OMP_NUM_THREADS=1 python bench/optuna_quality.py [trials=50] [seeds=20] [samplers=tpe,gp] | node bench/summarize.mjs
"""

import json
import math
import sys
import time

import optuna

A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
P = [
    [1312, 1696, 5569, 124, 8283, 5886],
    [2329, 4135, 8307, 3736, 1004, 9991],
    [2348, 1451, 3522, 2883, 3047, 6650],
    [4047, 8828, 8732, 5743, 1091, 381],
]
ALPHA = [1, 1.2, 3, 3.2]


def branin(trial):
    x, y = trial.suggest_float("x", -5, 10), trial.suggest_float("y", 0, 15)
    valley = y - 5.1 / (4 * math.pi**2) * x * x + 5 / math.pi * x - 6
    return valley * valley + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def hartmann6(trial):
    x = [trial.suggest_float(f"x{i}", 0, 1) for i in range(6)]
    return -sum(
        ALPHA[r] * math.exp(-sum(A[r][c] * (x[c] - 1e-4 * P[r][c]) ** 2 for c in range(6))) for r in range(4)
    )


SAMPLERS = {
    "random": lambda seed: optuna.samplers.RandomSampler(seed=seed),
    "tpe": lambda seed: optuna.samplers.TPESampler(seed=seed),
    "gp": lambda seed: optuna.samplers.GPSampler(seed=seed),
}

if __name__ == "__main__":
    trials, seeds, samplers = (sys.argv[1:] + ["50", "20", "tpe,gp"][len(sys.argv) - 1 :])[:3]
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    for function in (branin, hartmann6):
        for name in samplers.split(","):
            for seed in range(int(seeds)):
                before = time.process_time()
                study = optuna.create_study(sampler=SAMPLERS[name](seed))
                study.optimize(function, n_trials=int(trials))
                row = {"function": function.__name__, "sampler": f"optuna {name}", "seed": seed}
                row |= {"best": study.best_value, "seconds": time.process_time() - before}
                print(json.dumps(row), flush=True)
