"""Makes line_search.json: the trial steps of SciPy's Moré-Thuente search on the functions of test/numerics/line-search.test.ts.

Run: python3 test/numerics/reference/line_search.py && npx prettier --write test/numerics/reference/line_search.json
Made with Python 3.11.7 and SciPy 1.17.1, whose DCSRCH (a translation of MINPACK-2's) is not public.

Tolerances as in L-BFGS-B: ftol 1e-3, gtol 0.9, xtol 0.1; steps from 0 to 1e10.
"""

import json
from math import cos, copysign, hypot, pi, sin, sqrt
from pathlib import Path

from scipy.optimize._dcsrch import DCSRCH


def yanai(b1, b2):
    g1, g2 = sqrt(1 + b1 * b1) - b1, sqrt(1 + b2 * b2) - b2
    return (
        lambda a: g1 * hypot(1 - a, b2) + g2 * hypot(a, b1),
        lambda a: -g1 * (1 - a) / hypot(1 - a, b2) + g2 * a / hypot(a, b1),
    )


def third():
    b, wave = 0.01, 39 * pi
    base = lambda a: ((a - 1) ** 2 / b + b) / 2 if abs(a - 1) <= b else abs(a - 1)
    slope = lambda a: (a - 1) / b if abs(a - 1) <= b else copysign(1, a - 1)
    return (lambda a: base(a) + (1 - b) / wave * sin(wave * a), lambda a: slope(a) + (1 - b) * cos(wave * a))


lines = {
    "1": (lambda a: -a / (a * a + 2), lambda a: (a * a - 2) / (a * a + 2) ** 2),
    "2": (
        lambda a: (a + 0.004) ** 5 - 2 * (a + 0.004) ** 4,
        lambda a: 5 * (a + 0.004) ** 4 - 8 * (a + 0.004) ** 3,
    ),
    "3": third(),
    "4": yanai(0.001, 0.001),
    "5": yanai(0.01, 0.001),
    "6": yanai(0.001, 0.01),
}

cases = []
for name, (value, slope) in lines.items():
    for first in [1e-3, 0.1, 10.0, 1e3]:
        tried = []

        def measured(step):
            if step > 0:
                tried.append(step)
            return value(step)

        search = DCSRCH(measured, slope, ftol=1e-3, gtol=0.9, xtol=0.1, stpmin=0, stpmax=1e10)
        found, _, _, task = search(first, maxiter=100)
        cases.append({"line": name, "first": first, "tried": tried, "task": task.decode()})
Path(__file__).with_suffix(".json").write_text(json.dumps(cases, indent=2) + "\n")
